"""Names a wave in words that a title could have. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from assist.matching.lexicon import lexicon
from assist.waves.faults import Fault

FILE = Path(__file__).with_name("subjects.txt")
# How one of it fails, and how several do.
SYMPTOMS = {
    "accessdenied": ("denies access", "deny access"),
    # Who says that it does not load, and who sees a white page, are heard alike.
    "blank": ("is blank or does not load", "are blank or do not load"),
    "blocked": ("is blocked", "are blocked"),
    "calldrop": ("keeps dropping", "keep dropping"),
    "crash": ("is crashing", "are crashing"),
    "cutoff": ("is cut off", "are cut off"),
    "declined": ("is rejected", "are rejected"),
    "delayed": ("is delayed", "are delayed"),
    "disconnected": ("keeps disconnecting", "keep disconnecting"),
    "down": ("is down", "are down"),
    "duplicate": ("is duplicated", "are duplicated"),
    "error": ("fails with an error", "fail with an error"),
    "expired": ("is reported as expired or invalid", "are reported as expired or invalid"),
    "garbled": ("is garbled", "are garbled"),
    "hanging": ("is freezing", "are freezing"),
    "httperror": ("returns errors", "return errors"),
    "invalidcode": ("is rejected as invalid", "are rejected as invalid"),
    "loop": ("is stuck in a loop", "are stuck in a loop"),
    "lostitem": ("is lost", "are lost"),
    "missing": ("is missing", "are missing"),
    "mixedup": ("is mixed up", "are mixed up"),
    "outdated": ("is out of date", "are out of date"),
    "outofsync": ("is out of sync and out of date", "are out of sync and out of date"),
    "overcharge": ("is charged wrongly", "are charged wrongly"),
    "pending": ("is stuck as pending", "are stuck as pending"),
    "quality": ("has poor quality", "have poor quality"),
    "realtime": ("is out of date", "are out of date"),
    "shortfall": ("comes with a wrong, too low amount", "come with wrong, too low amounts"),
    "slow": ("is very slow", "are very slow"),
    "timeout": ("is timing out", "are timing out"),
    "unknownerror": ("fails with an error", "fail with an error"),
    "unreachable": ("cannot be reached", "cannot be reached"),
    "unreadable": ("cannot be read", "cannot be read"),
    "unrecognised": ("is wrong or not recognised", "are wrong or not recognised"),
    "vanished": ("is missing", "are missing"),
    "wrong": ("is incorrect", "are incorrect"),
}
ANY_SYMPTOM = ("is not working", "are not working")
CANNOT_BE_BOUGHT = ("cannot be bought", "cannot be bought")
# What is on its way is not missing yet; nor is a card of which "delivery" is said.
BRINGS = "delivery"
ON_ITS_WAY = frozenset(
    {
        BRINGS, "cardarrival", "desktopalert", "digest", "email", "incoming", "invitation",
        "letterpost", "magiclink", "mailcode", "mention", "message", "notification", "oncallalert",
        "otp", "parcelpost", "passwordreset", "payout", "push", "refund", "reminder", "salary",
        "salarypayment", "sms", "smscode", "transfer", "voicemessage", "webhook",
    }
)  # fmt: skip
# A payment is declined; a code, a file or a form is rejected.
PAID_WITH = frozenset(
    {
        "card", "cardtopup", "cash", "cheque", "contactless", "creditcard", "debitcard",
        "directdebit", "disposablecard", "giftcard", "instantpay", "loanapplication", "merchantpay",
        "mobilewallet", "onlinepay", "payment", "preauth", "purchase", "topup", "transfer",
        "virtualcard", "withdrawal",
    }
)  # fmt: skip
# What shows things is not wrong itself.
SCREENS = frozenset(
    {
        "account", "activityfeed", "analytics", "board", "browser", "calendar", "cart",
        "chartwidget", "checkout", "checkoutpage", "cloudconsole", "dashboard", "deviceslist",
        "extension", "kanban", "kiosk", "kioskscreen", "map", "mobileapp", "onlinebanking",
        "parceltracking", "profile", "search", "searchindex", "seatmap", "shopstore", "storefront",
        "tabletview", "tracking", "webapp", "website", "wearable",
    }
)  # fmt: skip
# How it is said of some subjects.
SAID_OF = {
    "declined": (PAID_WITH, ("is declined", "are declined")),
    "missing": (ON_ITS_WAY, ("is not arriving", "are not arriving")),
    "wrong": (SCREENS, ("shows wrong information", "show wrong information")),
}
# What keeps, takes or brings a thing is not what is lost, refused or late.
PLACES = frozenset(
    {
        "account", "atm", "cardreader", "checkout", "checkoutpage", BRINGS, "device", "gate",
        "kiosk", "locker", "login", "mobileapp", "shopstore", "tills", "webapp", "website",
    }
)  # fmt: skip
# A format says less than what is done with it.
FORMATS = frozenset({"csv"})
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

    subjects = counted(one.subjects for one in faults)
    symptoms = counted(one.symptoms for one in faults)
    enough = min(least, subjects[0][1]) if subjects else least
    return Fault(
        tuple(name for name, count in subjects if count >= enough),
        tuple(name for name, count in symptoms if count >= least),
    )


def title_of(fault: Fault) -> str:
    """Name a wave in a sentence: "Login is not working"."""
    symptom = next((name for name in fault.symptoms if name in SYMPTOMS), "")
    subject = _most_telling(_things(fault.subjects, symptom))
    name, is_many = subject_named(subject)
    return f"{name} {_how(symptom, subject, fault)[is_many]}"


def draft_title_of(fault: Fault) -> str:
    """Title an incident opened from a wave; how many are concerned nobody knows yet."""
    return f"{title_of(fault)} for some customers"


def subject_named(subject: str) -> tuple[str, bool]:
    """What a subject is called at the beginning of a sentence, and whether that is a plural."""
    return subjects().get(subject, (subject.capitalize(), False))


@cache
def subjects() -> dict[str, tuple[str, bool]]:
    """The names of subjects, as they are written down."""
    found: dict[str, tuple[str, bool]] = {}
    is_many = False
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            is_many = line == "= are"
        elif line and not line.startswith("#"):
            subject, name = line.split(" ", 1)
            found[subject] = name, is_many
    return found


def _how(symptom: str, subject: str, fault: Fault) -> tuple[str, str]:
    if not symptom and subject != "purchase" and "purchase" in fault.subjects:
        return CANNOT_BE_BOUGHT
    of, said = SAID_OF.get(symptom, (frozenset(), ANY_SYMPTOM))
    is_on_its_way = symptom == "missing" and BRINGS in fault.subjects
    return said if subject in of or is_on_its_way else SYMPTOMS.get(symptom, ANY_SYMPTOM)


def _things(among: tuple[str, ...], symptom: str) -> tuple[str, ...]:
    things = tuple(name for name in among if name not in PLACES)
    return things if symptom in OF_THINGS and things else among


def _most_telling(among: tuple[str, ...]) -> str:
    """The heaviest; of equals the one that most customers name.

    "Password" says less than "password reset" does, which is named after it.
    """
    weights = {concept.name: concept.weight for concept in lexicon().concepts}
    whole = [one for one in among if not any(_is_named_after(one, other) for other in among)]
    return max(whole, key=lambda name: (name not in FORMATS, weights.get(name, 0.0)))


def _is_named_after(part: str, whole: str) -> bool:
    return part != whole and (whole.startswith(part) or whole.endswith(part))
