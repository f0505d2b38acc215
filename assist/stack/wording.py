"""Facts in, sentences out, in fifteen languages. Pure: the same facts make the same words."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton
from babel.lists import format_list

from assist.stack.phrasing import DRAFT, fill
from atender.languages.rules import VARIETIES
from atender.zones import zone_name

FILE = Path(__file__).with_name("phrases.txt")


@dataclass(frozen=True, slots=True)
class Facts:
    """What may be said of an incident; times lie ahead, and None is not spoken of."""

    title: str
    status: str
    components: tuple[str, ...]
    url: str
    zone: ZoneInfo
    eta: datetime | None = None
    next_update_by: datetime | None = None


class Invitation(Enum):
    """How an answer invites to updates."""

    OFFER = "a question, whose yes enrols"
    LINK = "the way to the page's form, where no address is known"
    NONE = "not: the customer has decided, or the page takes nobody"


@cache
def phrases() -> dict[str, dict[str, str]]:
    """Every sentence, by its name and language."""
    found: dict[str, dict[str, str]] = {}
    name = ""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            name = line[2:]
        elif line and not line.startswith("#"):
            language, sentence = line.split(" ", 1)
            found.setdefault(name, {})[language] = sentence
    return found


def say(name: str, language: str, **filled: str) -> str:
    return phrases()[name][language] % filled


def sentences_of(facts: Facts, language: str, *, invites: Invitation) -> dict[str, str]:
    """Everything that may be said, by its place; what is not known is not there."""
    found = {
        "known": say("known", language, title=facts.title),
        "status": say(facts.status, language),
    }
    if facts.components:
        names = format_list(facts.components, locale=_locale(language))
        found["affected"] = say("affected", language, components=names)
    if facts.eta:
        found["eta"] = say("eta", language, time=spoken_time(facts.eta, facts.zone, language))
    if facts.next_update_by:
        time = spoken_time(facts.next_update_by, facts.zone, language)
        found["next"] = say("next", language, time=time)
    way = "link" if invites == Invitation.LINK else "page"
    found["page"] = say(way, language, url=facts.url)
    if invites == Invitation.OFFER:
        found["offer"] = say("offer", language)
    return found


def answer(facts: Facts, language: str, *, invites: Invitation, words: str = DRAFT) -> str:
    """The answer to a complaint: what is known, and how to hear more.

    `words` are a model's, checked: they stand between the sentences and change none.
    """
    return fill(words, sentences_of(facts, language, invites=invites), language=language)


def told(facts: Facts, language: str) -> str:
    """What is known, what is affected, until when: without any offer."""
    sentences = sentences_of(facts, language, invites=Invitation.NONE)
    return fill(DRAFT.partition("\n")[0], sentences, language=language)


def over(title: str, language: str, *, is_maintenance: bool) -> str:
    return say("completed" if is_maintenance else "resolved", language, title=title)


def spoken_time(at: datetime, zone: ZoneInfo, language: str) -> str:
    """`28 Nov 2026, 14:30 CET`: absolute, so that it is as true an hour later."""
    local, locale = at.astimezone(zone), _locale(language)
    day = format_skeleton("yMMMd", local.replace(tzinfo=None), locale=locale)
    time = format_skeleton("Hm", local.replace(tzinfo=None), locale=locale)
    return str(locale.datetime_formats["medium"]).format(time, day) + f" {zone_name(local)}"


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(VARIETIES.get(language, language))
