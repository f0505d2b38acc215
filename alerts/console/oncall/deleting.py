"""What follows from deleting what being on call is made of."""

from alerts.channels.keeping import delete_channel
from alerts.console.deleting import deleting
from alerts.inbound.sources import delete_source
from alerts.models import (
    AlertChannel,
    EscalationPolicy,
    InboundSource,
    NotificationGroup,
    Schedule,
)
from alerts.people.arranging import delete
from alerts.people.uses import uses_of
from atender.roles import Ability


def _of_channel(channel: AlertChannel) -> list[str]:
    groups = NotificationGroup.objects.filter(channels=channel)
    return [
        "What it was told stays there.",
        *[f"{group} tells it nothing more." for group in groups],
    ]


def _of_source(source: InboundSource) -> list[str]:
    return ["Its address opens nothing any more: the sender gets a 404.", "Its alerts stay."]


ARRANGE = Ability.MANAGE_ALERTS
delete_group = deleting(NotificationGroup, delete, uses_of, ability=ARRANGE, back="on_call_groups")
delete_policy = deleting(EscalationPolicy, delete, uses_of, ability=ARRANGE, back="on_call_groups")
delete_schedule = deleting(Schedule, delete, uses_of, ability=ARRANGE, back="on_call_schedules")
delete_a_channel = deleting(
    AlertChannel,
    delete_channel,
    _of_channel,
    ability=Ability.ADMINISTER,
    back="on_call_channels",
)
delete_a_source = deleting(
    InboundSource,
    delete_source,
    _of_source,
    ability=Ability.ADMINISTER,
    back="on_call_sources",
)
