"""What staff see of waves, the same in the console, at the desk and in the API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce, Left
from django.utils import timezone

from assist.guidance.phrasings import subjects_of
from assist.knowledge import pages_named
from assist.matching.languages import NAMES
from assist.models import Complaint, Wave, WaveState
from assist.waves.faults import Fault, likeness
from assist.waves.noting import fault_of
from assist.waves.words import draft_title_of, most_say, title_of
from atender.ids import ULID
from incidents.models import Component

MOST_SHOWN, MOST_EXAMPLES, MOST_LOOKED_AT = 5, 3, 300
LONGEST_EXAMPLE = 200
DISMISSED = "dismissed"
MOST_NAMED = 3
# From how alike on a component's name says what a wave is about.
NAMED_BY = 0.5
# A message may have 200,000 characters, of which an example shows the first ones.
BEGINNING = Coalesce(Left("message__text", 2 * LONGEST_EXAMPLE), "text")
TOLD = ("person", "subjects", "symptoms", "language", "beginning")


@dataclass(frozen=True, slots=True)
class Seen:
    """A wave as staff see it; `page_asked` are those who asked on a page."""

    wave: Wave
    title: str
    draft_title: str
    customers: int
    page_asked: int
    minutes: int
    languages: tuple[str, ...]
    examples: tuple[str, ...]
    components: tuple[Component, ...]

    @property
    def headline(self) -> str:
        """Say how many and how quickly: "9 customers in 6 minutes"."""
        customers = f"{self.customers:,} customer{'' if self.customers == 1 else 's'}"
        return f"{customers} in {self.minutes} minute{'' if self.minutes == 1 else 's'}"

    @property
    def spoken(self) -> str:
        """In which languages, by their names where these are few."""
        if len(self.languages) > MOST_NAMED:
            return f"{len(self.languages)} languages"
        return ", ".join(NAMES.get(code, code) for code in self.languages)


def open_waves(now: datetime | None = None) -> list[Seen]:
    """The waves that staff should look at, newest first."""
    waves = Wave.objects.to_be_seen(now or timezone.now())
    return seen_of(list(waves[:MOST_SHOWN]))


def explained_waves(now: datetime | None = None) -> list[Seen]:
    """Those that an incident explains which is not over, newest first."""
    waves = Wave.objects.explained(now or timezone.now()).select_related("incident")
    return seen_of(list(waves[:MOST_SHOWN]))


def stamp_of_waves(now: datetime | None = None) -> str:
    """Return a text that changes whenever `open_waves` would; one query."""
    waves = Wave.objects.to_be_seen(now or timezone.now()).annotate(said=Count("complaints"))
    return str(list(waves.values_list("pk", "last_at", "said")[:MOST_SHOWN]))


def dismissed_in(asked: Mapping[str, str]) -> list[Wave]:
    """The wave that was dismissed just now, by what the address says: it can be taken back."""
    pk = asked.get(DISMISSED, "")
    waves = Wave.objects.filter(pk=pk, state=WaveState.DISMISSED) if ULID.fullmatch(pk) else []
    return list(waves)


def waves_of_door(page_ids: Sequence[str], now: datetime) -> QuerySet[Wave]:
    """Those of which customers of the doors bound to the same pages complain."""
    said = complaints_of_door(page_ids).filter(wave__isnull=False)
    return Wave.objects.to_be_seen(now).filter(pk__in=said.values("wave"))


def complaints_of_door(page_ids: Sequence[str]) -> QuerySet[Complaint]:
    """What was said in conversations of a door, or asked on its pages."""
    theirs = Q(message__conversation__page_ids=sorted(page_ids))
    return Complaint.objects.filter(theirs | Q(page__in=pages_named(page_ids)))


def seen_of(waves: Sequence[Wave], among: QuerySet[Complaint] | None = None) -> list[Seen]:
    """Look at waves, and at nothing that is not `among` the complaints."""
    named = [(one, subjects_of(one.name)) for one in Component.objects.order_by("position")]
    said = Complaint.objects.all() if among is None else among
    return [_seen(wave, said, named) for wave in waves]


def _seen(
    wave: Wave, said: QuerySet[Complaint], named: Sequence[tuple[Component, list[str]]]
) -> Seen:
    fault, of_it = fault_of(wave), said.filter(wave=wave)
    told = list(
        of_it.annotate(beginning=BEGINNING).order_by("id").values_list(*TOLD)[:MOST_LOOKED_AT]
    )
    languages = [language for _, _, _, language, _ in told]
    counted = of_it.aggregate(
        customers=Count("person", distinct=True),
        asked=Count("person", distinct=True, filter=Q(page__isnull=False)),
    )
    lasted = (wave.last_at - wave.began_at).total_seconds()
    # One customer who repeats does not title it; where all was erased the essence is left.
    by_person = {person: Fault(tuple(what), tuple(how)) for person, what, how, _, _ in told}
    named_by_most = most_say(list(by_person.values()) or [fault])
    return Seen(
        wave=wave,
        title=title_of(named_by_most),
        draft_title=draft_title_of(named_by_most),
        customers=counted["customers"],
        page_asked=counted["asked"],
        minutes=max(round(lasted / 60), 1),
        languages=tuple(sorted(set(languages), key=lambda one: (-languages.count(one), one))),
        examples=examples_of([(language, words) for *_, language, words in told]),
        components=likely_components(fault, named),
    )


def examples_of(told: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Some customers' words, told as (language, words): several languages first, each once."""
    said = [(language, " ".join(words.split())[:LONGEST_EXAMPLE]) for language, words in told]
    first: dict[str, str] = {}
    for language, words in said:
        if words and words not in first.values():
            first.setdefault(language, words)
    every = dict.fromkeys([*first.values(), *(words for _, words in said if words)])
    return tuple(every)[:MOST_EXAMPLES]


def likely_components(
    fault: Fault, named: Sequence[tuple[Component, list[str]]]
) -> tuple[Component, ...]:
    """The component whose name is most like what the wave is about, if any is."""
    known = [(one, Fault(tuple(subjects), fault.symptoms)) for one, subjects in named if subjects]
    if not known:
        return ()
    shares = likeness([fault], [about for _, about in known])[0]
    place = int(shares.argmax())
    return (known[place][0],) if shares[place] >= NAMED_BY else ()
