"""What the OpenAPI document shows as bodies: one outage, from its opening to its post-mortem."""

from collections.abc import Mapping
from typing import Any

Example = Mapping[str, Any]

API, PAGE = "01JD0000000000000000000000", "01JD0000000000000000000001"
MONITOR, SERVICE = "01JD0000000000000000000002", "01JD0000000000000000000003"
INCIDENT, GROUP = "01JD0000000000000000000004", "01JD0000000000000000000005"

NEW_INCIDENT: Example = {
    "title": "Checkout fails for about one in five customers",
    "severity": "major",
    "status": "investigating",
    "started_at": "2026-11-24T17:42:00Z",
    "monitor_ids": [MONITOR],
    "component_impacts": [{"component_id": API, "state": "partial_outage"}],
    "status_page_ids": [PAGE],
    "initial_update": {
        "body": "About one in five checkouts ends with an error. We are looking for the cause.",
        "public": True,
    },
}
INCIDENT_CHANGE: Example = {"title": "Checkout fails for some customers", "severity": "minor"}
NEW_UPDATE: Example = {
    "status": "identified",
    "body": "A deploy of 17:30 UTC is the cause. We are taking it back.",
    "public": True,
    "component_impacts": [{"component_id": API, "state": "degraded"}],
}
UPDATE_EDIT: Example = {"body": "A deploy of 17:38 UTC is the cause. We are taking it back."}
NEW_DRAFT: Example = {
    "incident_id": INCIDENT,
    "status": "monitoring",
    "body": "The deploy is taken back; checkouts work again. We keep watching.",
}
DRAFT_CHANGE: Example = {"body": "The deploy is taken back, and checkouts work again."}
NEW_TEMPLATE: Example = {
    "kind": "incident",
    "name": "Card payments",
    "title": "Card payments fail for some customers",
    "body": "Some card payments fail. We look for the cause and say more by {{next_update_by}}.",
    "severity": "major",
    "component_ids": [API],
}
TEMPLATE_CHANGE: Example = {"severity": "critical"}
POST_MORTEM: Example = {
    "body": "## Summary\n\nA deploy broke one in five checkouts for 24 minutes.",
    "status": "published",
}
NEW_FOLLOW_UP: Example = {
    "title": "Try checkout in each region before a deploy goes on",
    "owner_name": "Dana",
    "due_date": "2026-12-15",
}
FOLLOW_UP_CHANGE: Example = {"done": True}
NEW_COMPONENT: Example = {
    "name": "Checkout",
    "description": "Cart, payment and order",
    "group_id": GROUP,
    "monitor_ids": [MONITOR],
}
COMPONENT_CHANGE: Example = {"description": "Cart and payment", "position": 2}
NEW_GROUP: Example = {"name": "Shop", "position": 1}
GROUP_CHANGE: Example = {"name": "Online shop"}
NEW_PAGE: Example = {"name": "Acme Europe", "slug": "eu", "component_ids": [API]}
PAGE_CHANGE: Example = {"name": "Acme in Europe", "component_ids": [API]}
MAINTENANCE_CHANGE: Example = {
    "scheduled_until": "2027-01-15T05:00:00Z",
    "body": "It takes an hour longer than planned.",
}
SERIES_CHANGE: Example = {"title": "Weekly restart of the search", "notice_before_minutes": 120}
SERIES_END: Example = {"notify": True}
NEW_CHANGE: Example = {
    "kind": "deployment",
    "summary": "Checkout 2026.11.3",
    "version": "9f3c2ab",
    "url": "https://ci.example.com/builds/4711",
    "by": "Dana",
    "components": ["Checkout"],
}
NEW_MAINTENANCE: Example = {
    "title": "Database upgrade",
    "scheduled_for": "2027-01-15T02:00:00Z",
    "scheduled_until": "2027-01-15T04:00:00Z",
    "body": "Writing is not possible for about ten minutes.",
    "component_ids": [API],
    "status_page_ids": [PAGE],
    "notice_before_minutes": 1440,
}
NEW_SERIES: Example = {
    "title": "Weekly restart",
    "scheduled_for": "2027-01-19T02:00:00Z",
    "recurrence": {
        "rrule": "FREQ=WEEKLY;BYDAY=TU",
        "duration_minutes": 30,
        "time_zone": "Europe/Lisbon",
    },
}
