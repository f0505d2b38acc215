from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from atender.actors import OPERATOR, Actor
from atender.deeds import noted
from atender.tenants.models import Tenant
from atender.tenants.signals import tenant_created
from incidents.afterwards.due import promise_reminder
from incidents.catalogue.pages import create_page
from incidents.catalogue.watching import forget_monitor, report_verdicts
from incidents.models import Incident
from incidents.nudges.nudging import keep_watch
from incidents.planned.occurrences import follows_still
from incidents.recording import record
from incidents.signals import Action, Change, incident_changed
from incidents.texts.shipped import ship
from monitors.models import Monitor
from monitors.signals import Flip, monitor_deleted, verdicts_changed

# After these the public has heard as much as before.
UNHEARD = frozenset(
    {
        Action.ACKNOWLEDGED,
        Action.REMINDED,
        Action.POST_MORTEM_PUBLISHED,
        Action.POST_MORTEM_CHANGED,
    }
)


@receiver(tenant_created)
def give_the_default_page(tenant: Tenant, page_host: str, **_: Any) -> None:
    create_page(
        "status", name=tenant.name, by=OPERATOR, tenant=tenant, host=page_host, is_default=True
    )


@receiver(tenant_created)
def give_the_shipped_templates(tenant: Tenant, **_: Any) -> None:
    ship()


@receiver(incident_changed)
def watch_for_silence(change: Change, **_: Any) -> None:
    if change.pages and change.action not in UNHEARD:
        keep_watch(change.incident)


@receiver(incident_changed)
def expect_a_post_mortem(change: Change, **_: Any) -> None:
    if change.action == Action.RESOLVED:
        promise_reminder(change.incident, at=timezone.now())


@receiver(incident_changed)
def go_on_following(change: Change, **_: Any) -> None:
    """Let an occurrence follow its series again once a change by hand is undone."""
    incident = change.incident
    if change.action != Action.WITHDRAWN or incident.deleted_at or incident.series is None:
        return
    if follows_still(incident, incident.series):
        Incident.objects.filter(pk=incident.pk).update(follows_series=True)


@receiver(noted)
def keep_deed(
    action: str, subject_id: str, by: Actor, at: datetime, details: dict[str, Any], **_: Any
) -> None:
    record(action, subject_id, by=by, at=at, **details)


@receiver(monitor_deleted)
def leave_its_components(monitor: Monitor, at: datetime, **_: Any) -> None:
    forget_monitor(monitor, at=at)


@receiver(verdicts_changed)
def tell_their_components(flips: Sequence[tuple[Monitor, Flip]], **_: Any) -> None:
    report_verdicts(flips)
