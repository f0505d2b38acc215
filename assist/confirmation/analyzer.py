import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache, partial
from pathlib import Path

from assist.confirmation.machine import TO_THE_MACHINE
from assist.matching.languages import SUPPORTED, languages_of
from assist.matching.text import clean, fold, has_ideographs

FILE = Path(__file__).with_name("phrases.txt")
_EVERYWHERE = "xx"
_UNSPACED = frozenset({"ja", "zh"})
_OWN_SCRIPT = frozenset({"ja", "zh", "ar", "ru"})
LONGEST_REPLY = 280
_ADDRESS = re.compile(r"<?(?:mailto:)?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+>?", re.ASCII)
_QUESTION = re.compile(r"[?؟？]")
_LEADING_OK = re.compile(r"^\s*(?:ok|okay|oke|okej|okey|vale|ок|океи|tamam|好的|حسنا)[\s,.!،，]+")
_SAYS_YES = " \x01 "
# Where the conversation's own language hears one of these, the reply is no English one.
_HEARD_ALREADY = ("thanks", "knew", "aside", "unsure")
# So many words beside a yes make a sentence: "yes I am on wifi" tells of something.
_SENTENCE = 2
_NOTHING = re.compile(r"(?!)")


class Confirmation(StrEnum):
    YES = "yes"
    NO = "no"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class Ear:
    """What one language's phrases hear in a reply."""

    categories: dict[str, re.Pattern[str]]

    def hears(self, category: str, text: str) -> bool:
        return self.categories[category].search(text) is not None

    def begins(self, category: str, text: str) -> bool:
        return self.categories[category].match(text.lstrip(" ,.!¡-\n\t")) is not None

    def without(self, category: str, text: str, instead: str = " ") -> str:
        return self.categories[category].sub(instead, text)


def _pattern(language: str, phrases: str) -> re.Pattern[str]:
    # A comma inside a character class or a repetition belongs to the phrase; the longest first.
    parts = sorted({fold(part) for part in re.split(r",\s+", phrases)}, key=len, reverse=True)
    if language in _UNSPACED:
        return re.compile("|".join(part.replace("*", "") for part in parts))
    words = (_starred(part) for part in parts)
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)")


def _starred(phrase: str) -> str:
    """Read `x*` as a beginning and `*x` as an ending; leave a written repetition alone."""
    if phrase.startswith("*"):
        return rf"\w+{phrase[1:]}"
    return re.sub(r"(?<=\w)(?<!\\w)\*(?=\s|$)", r"\\w*", phrase)


@lru_cache(maxsize=1)
def _written() -> dict[str, dict[str, str]]:
    """The phrases of each language by category, as they stand in the file."""
    written: dict[str, dict[str, str]] = {}
    category = ""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            category = line[2:]
        elif line and not line.startswith("#"):
            language, phrases = line.split(" ", 1)
            written.setdefault(language, {})[category] = phrases
    for category, phrases in written.pop(_EVERYWHERE).items():
        for said in written.values():
            said[category] = f"{phrases}, {said[category]}" if category in said else phrases
    return written


@cache
def _ear(language: str) -> Ear:
    said = _written()[language]
    return Ear(_Complete({name: _pattern(language, said[name]) for name in said}))


class _Complete(dict[str, re.Pattern[str]]):
    def __missing__(self, category: str) -> re.Pattern[str]:
        return _NOTHING


def _spoken(text: str, language: str | None) -> tuple[str, ...]:
    """Take the conversation's language unless the reply is in another script; else guess."""
    given = (language or "").lower().replace("_", "-").split("-")[0]
    heard = languages_of(text)
    # Two kanji alone look Chinese.
    alike = heard[0] not in _OWN_SCRIPT or heard[0] == given or {heard[0], given} == _UNSPACED
    if given in SUPPORTED and alike:
        return (given,)
    return heard if heard[0] in _OWN_SCRIPT else tuple(dict.fromkeys((*heard, "en")))


def _judge(text: str, ear: Ear, *, is_question: bool, gives_address: bool) -> Confirmation:
    if gives_address and _only_agrees(text, ear):
        text = _SAYS_YES
    sure = ear.without("surely", text, _SAYS_YES)
    plain = ear.without("aside", sure)
    is_sure = _SAYS_YES.strip() in plain
    says_no, unsure = ear.hears("no", plain), ear.hears("unsure", ear.without("then", plain))
    says_yes, accepts = ear.hears("yes", plain) or is_sure, ear.hears("accept", plain)
    if unsure:
        return Confirmation.AMBIGUOUS
    if says_no:
        return Confirmation.NO if not is_question else Confirmation.AMBIGUOUS
    asks = ear.hears("ask", ear.without("yes", plain))
    if is_question or (asks and not accepts):
        polite = ear.begins("yes", plain) and accepts and not asks and not ear.hears("but", plain)
        return Confirmation.YES if polite else Confirmation.AMBIGUOUS
    if ear.hears("things", sure) or ear.hears("other", sure):
        return Confirmation.AMBIGUOUS
    if accepts:
        return Confirmation.YES
    if not says_yes or ear.hears("but", plain):
        return Confirmation.AMBIGUOUS
    return _weigh_yes(plain, ear)


def _weigh_yes(plain: str, ear: Ear) -> Confirmation:
    """Tell "sure, thanks" from "yes, I have restarted it": beside a yes nothing else is told."""
    plain = _LEADING_OK.sub("", plain)
    is_first = plain.lstrip().startswith(_SAYS_YES.strip())
    rest = ear.without("thanks", ear.without("yes", plain)).replace(_SAYS_YES.strip(), " ")
    about_it = ear.hears("then", rest)
    rest = ear.without("then", rest)
    if ear.hears("knew", plain) or ear.hears("tells", rest):
        return Confirmation.AMBIGUOUS
    if about_it:
        return Confirmation.YES
    if is_first or ear.begins("gladly", plain):
        return Confirmation.YES
    is_first = ear.begins("yes", plain) or not ear.hears("thanks", plain)
    return Confirmation.YES if is_first and not _says_more(rest, ear) else Confirmation.AMBIGUOUS


def _only_agrees(text: str, ear: Ear) -> bool:
    """Whether beside an address stands nothing, or agreement alone; a fault told again is none."""
    left = ear.without("agreed", text)
    if left == text and re.search(r"\w", text):
        return False
    left = ear.without("thanks", ear.without("yes", left))
    return re.search(r"\w", ear.without("beside", left)) is None


def _says_more(rest: str, ear: Ear) -> bool:
    """Whether a strange word is left among others; one alone is how somebody is addressed."""
    left: list[str] = re.findall(r"\w+", ear.without("beside", rest))
    beside = len(re.findall(r"\w+", rest)) - len(left)
    return len(left) > (beside < _SENTENCE) or any(has_ideographs(word) for word in left)


def analyze(reply: str, *, language: str | None = None) -> Confirmation:
    """Tell a real yes to the offer of updates from a no and from everything else.

    `language` is the conversation's (ISO 639-1); without it the reply's own is guessed. Unsure is
    ambiguous, so that nobody is subscribed by mistake.
    """
    cleaned = clean(reply)
    if len(cleaned.strip()) > LONGEST_REPLY or not any(c.isalnum() for c in cleaned):
        return Confirmation.AMBIGUOUS
    without_address = _ADDRESS.sub(" ", cleaned)
    folded = fold(without_address).replace("-", " ")
    spoken = _spoken(without_address, language)
    judge = partial(
        _judge,
        folded,
        is_question=_QUESTION.search(cleaned) is not None,
        gives_address=without_address != cleaned,
    )
    verdicts = {judge(_ear(one)) for one in spoken}
    if verdicts == {Confirmation.AMBIGUOUS} and "en" not in spoken:
        own = _ear(spoken[0])
        if not any(own.hears(name, folded) for name in _HEARD_ALREADY):
            verdicts.add(judge(_ear("en")))
    if TO_THE_MACHINE.search(cleaned):
        verdicts.discard(Confirmation.YES)
    for verdict in (Confirmation.NO, Confirmation.YES):
        if verdict in verdicts:
            return verdict
    return Confirmation.AMBIGUOUS
