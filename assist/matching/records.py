from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ActiveIncident:
    id: str
    title: str
    body: str = ""
    components: tuple[str, ...] = ()
    severity: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """One incident the message may be about.

    `confidence` is a calibrated probability, `reasons` the words of the message that made it,
    `is_card` the decision to show it at the product's own threshold.
    """

    incident_id: str
    confidence: float
    reasons: tuple[str, ...]
    is_card: bool


@dataclass(frozen=True, slots=True)
class Matching:
    """`language` is the message's (ISO 639-1); `matches` are best first."""

    language: str
    matches: tuple[Match, ...]
