"""The figures of a receipt and what is worked out from them. Pure: no ORM, no clock."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts alone. `usual_…` is the mean of the same hours of up to four weeks before, None where
    none of them was counted. `share_percent` of the readers beyond the usual number would have
    written, the tenant thinks, and each would have taken `minutes`. `conversations` are all that
    began in these hours, whatever they were about; `linked` are those linked to the incident,
    None where a receipt was drawn up before they were counted.
    """

    lasted_s: int
    views: int
    programs: int
    usual_views: float | None
    mails: int
    calls: int
    answers: int
    conversations: int
    usual_conversations: float | None
    share_percent: int
    minutes: int
    linked: int | None = None

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        return cls(**kept)

    def kept(self) -> dict[str, Any]:
        return asdict(self)

    def since(self, earlier: "Figures") -> "Figures":
        """These, but for conversations as counted earlier: some are erased or forgotten since.

        Of an incident whose hours were corrected nothing earlier holds.
        """
        if earlier.lasted_s != self.lasted_s:
            return self
        usual = earlier.usual_conversations
        return replace(
            self,
            conversations=max(self.conversations, earlier.conversations),
            usual_conversations=self.usual_conversations if usual is None else usual,
        )

    @property
    def views_beyond(self) -> int:
        """Views more than usual; none of them where it is not known what is usual."""
        if self.usual_views is None:
            return 0
        return max(round(self.views - self.usual_views), 0)

    @property
    def readers_who_would_write(self) -> int:
        return round(self.views_beyond * self.share_percent / 100)

    @property
    def avoided(self) -> int:
        return self.answers + self.readers_who_would_write

    @property
    def hours(self) -> float:
        return round(self.avoided * self.minutes / 60, 1)
