"""What is done about alerts and being on call, as the audit log says it."""

from alerts.models import ContactMethod, Schedule
from incidents.console.deeds import call, say

say(
    {
        "alert_channel.added": "added the channel",
        "alert_channel.changed": "changed the channel",
        "alert_channel.deleted": "deleted the channel",
        "alert_channel.renewed": "gave the channel a new secret",
        "alert_channel.tried": "sent the channel a test",
        "contact_method.added": "added a way of being called",
        "contact_method.changed": "changed a way of being called",
        "contact_method.deleted": "removed a way of being called",
        "contact_method.code_asked": "had a code sent",
        "contact_method.test_asked": "had a test call sent",
        "contact_method.verified": "verified a way of being called",
        "escalation_policy.saved": "wrote the escalation policy",
        "escalation_policy.deleted": "deleted the escalation policy",
        "notification_group.saved": "wrote the notification group",
        "notification_group.deleted": "deleted the notification group",
        "schedule.saved": "wrote the schedule",
        "schedule.deleted": "deleted the schedule",
        "schedule.overridden": "gave a duty to somebody else",
        "schedule.override_deleted": "took a change of duty back",
        "inbound.added": "added the source of alerts",
        "inbound.changed": "changed the source of alerts",
        "inbound.deleted": "deleted the source of alerts",
        "inbound.renewed": "gave the source of alerts a new address",
        "routing.changed": "changed what becomes of failures",
        "routing.follows_service": "let the monitor follow its service",
        "slack.set_up": "set up Slack",
        "slack.taken_down": "took Slack down",
        "slack.person_named": "said who is who in Slack",
        "slack.person_forgotten": "forgot who somebody is in Slack",
    }
)

call(ContactMethod, by="person__name")
call(Schedule, by="name")
