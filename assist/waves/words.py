"""Names a wave in words that a title could have. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence

from assist.matching.lexicon import lexicon
from assist.waves.faults import TWICE, Fault
from assist.waves.tables import Said, said_of, sorts, subjects, symptoms

ANY_SYMPTOM = ("is not working", "are not working")
CANNOT_BE_BOUGHT = ("cannot be bought", "cannot be bought")
BRINGS, PAID = "delivery", "payment"
# "Charged twice for one order": the order is not there twice.
PAID_FOR = frozenset({"fee", "order"})
OF_THINGS = frozenset({"declined", "delayed", "duplicate", "lostitem", "missing", "vanished"})
# How many of those who complain must name what a title says.
SHARE = 0.5


def most_say(faults: Sequence[Fault]) -> Fault:
    """What half of the complaints name, most often named first: a title says no more than that.

    Where no subject is named by half, it is those that are named most; symptoms may be none.
    """
    least = SHARE * len(faults)

    def counted(every: Iterable[tuple[str, ...]]) -> list[tuple[str, int]]:
        counts = Counter(name for names in every for name in names)
        return sorted(counts.items(), key=lambda named: (-named[1], named[0]))

    things = counted(one.subjects for one in faults)
    failures = counted(one.symptoms for one in faults)
    enough = min(least, things[0][1]) if things else least
    return Fault(
        tuple(name for name, count in things if count >= enough),
        tuple(name for name, count in failures if count >= least),
    )


def title_of(fault: Fault) -> str:
    """Name a wave in a sentence: "Login is not working"."""
    symptom = next((name for name in fault.symptoms if name in symptoms()), "")
    subject = _most_telling(_things(fault.subjects, symptom))
    name, is_many = subject_named(subject)
    return f"{name} {_how(symptom, subject, fault)[is_many]}"


def draft_title_of(fault: Fault) -> str:
    """Title an incident opened from a wave; how many are concerned nobody knows yet."""
    return f"{title_of(fault)} for some customers"


def subject_named(subject: str) -> tuple[str, bool]:
    """What a subject is called at the beginning of a sentence, and whether that is a plural."""
    return subjects().get(subject, (subject.capitalize(), False))


def _how(symptom: str, subject: str, fault: Fault) -> Said:
    if not symptom and subject != "purchase" and "purchase" in fault.subjects:
        return CANNOT_BE_BOUGHT
    sort, said = said_of().get(symptom, ("", ANY_SYMPTOM))
    is_on_its_way = symptom == "missing" and BRINGS in fault.subjects
    if is_on_its_way or subject in sorts().get(sort, ()):
        return said
    return symptoms().get(symptom, ANY_SYMPTOM)


def _things(among: tuple[str, ...], symptom: str) -> tuple[str, ...]:
    if symptom == TWICE and PAID in among:
        among = tuple(name for name in among if name not in PAID_FOR)
    things = tuple(name for name in among if name not in sorts()["place"])
    return things if symptom in OF_THINGS and things else among


def _most_telling(among: tuple[str, ...]) -> str:
    """The heaviest; of equals the one that most customers name.

    "Password" says less than "password reset" does, which is named after it.
    """
    weights = {concept.name: concept.weight for concept in lexicon().concepts}
    whole = [one for one in among if not any(_is_named_after(one, other) for other in among)]
    return max(whole, key=lambda name: (name not in sorts()["format"], weights.get(name, 0.0)))


def _is_named_after(part: str, whole: str) -> bool:
    return part != whole and (whole.startswith(part) or whole.endswith(part))
