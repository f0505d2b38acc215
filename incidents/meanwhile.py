"""Two people at one incident: nobody changes its status past updates they have not read."""

from atender.refusals import Conflict
from incidents.models import IncidentUpdate


class SpokenMeanwhile(Conflict):
    """Somebody posted after the newest update that the author had seen."""

    def __init__(self, newer: IncidentUpdate) -> None:
        who = newer.by_name or newer.get_by_kind_display()
        super().__init__(
            f"{who} posted “{newer.get_status_display()}” at {newer.created_at:%H:%M:%S} UTC, "
            "after you opened this. Nothing was changed: read it in the timeline, then post again "
            "if it still holds."
        )
        self.newer = newer


def check_seen(update: IncidentUpdate, *, seen: str) -> None:
    """Refuse a transition past updates newer than `seen`; texts may cross."""
    if not update.is_transition:
        return
    others = update.incident.updates.kept().exclude(pk=update.pk)
    newer = others.filter(id__gt=seen).order_by("id").last()
    if newer is not None:
        raise SpokenMeanwhile(newer)
