"""What the writer of a mail said: no quoted history, no program's footer, no signature."""

import re

from assist.confirmation.refusals import ANSWERS
from assist.matching.wrapping import CLOSING

_WROTE = (
    r"wrote|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|napisał\w*|skrev|yazdı|пишет"
    r"|писал\w*|написал\w*|كتب|写道|のメール"
)
# "On Monday, 3 Nov 2026 at 10:12, Alice <alice@example.org> wrote:", perhaps over two lines.
_ATTRIBUTION = re.compile(
    r"^(?=[^\n]*(?:\d[:.h]\d\d|@))(?!>)[^\n]{4,200}(?:\n(?!>)[^\n]{0,120})?"
    rf"(?:{_WROTE})[^\n]{{0,120}}[:：][ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_DATED = re.compile(r"\d[:.h]\d\d|@|(?:19|20)\d\d")
_HAS_WROTE = re.compile(_WROTE, re.IGNORECASE)
_INTRODUCTION = range(5, 202)
_FROM = r"from|von|de|da|van|od|fra|från|kimden|от|من|差出人|发件人"
# "-----Original Message-----", or the first two of the headers of what is answered.
_HISTORY = re.compile(
    r"^[ \t]*(?:-{3,}[^\n-]{3,40}-{3,}[ \t]*|_{10,}[ \t]*"
    rf"|\*?(?:{_FROM}):\*?[ \t][^\n@]*+@[^\n]*+\n\*?[^\W\d_]{{2,14}}:\*?[ \t][^\n\d]*+\d[^\n]*+)$",
    re.MULTILINE | re.IGNORECASE,
)
_QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_FOOTER = re.compile(
    r"^[ \t]*(?:sent (?:from|via|with) .{2,60}|get outlook for .*|von meinem .{2,40} gesendet"
    r"|gesendet (?:von|mit) .{2,60}|(?:envoyé|envoye) (?:de|depuis|avec) .{2,60}"
    r"|enviado (?:desde|do|de|com) .{2,60}|inviato d\w+ .{2,60}|verzonden (?:vanaf|met) .{2,60}"
    r"|wysłan[eo] z .{2,60}|skickat från .{2,60}|sendt fra .{2,60}|отправлено (?:с|из) .{2,60}"
    r"|.{2,30}(?:dan|den|ımdan|umdan) gönderildi|.{2,30}から送信"
    r"|发自我的.{2,30}|أُ?رسلت من .{2,60})$",
    re.MULTILINE | re.IGNORECASE,
)
_SIGNED = re.compile(rf"--+|(?:{CLOSING})[,.!]?", re.IGNORECASE)
# "Head of Sales", "van den Berg"
_SMALL = frozenset(
    "de di da do dos du la le van von den der of and und et y e for the & | - – / ·".split()  # noqa: SIM905
)
_MOST_LINES = 8
_LONGEST = 20_000


def own_words(text: str) -> str:
    """Take off what a mail has around its words; answer it as it was if nothing would be left."""
    if len(text) > _LONGEST:
        return text
    own = text.replace("\r\n", "\n")
    if history := _HISTORY.search(own):
        own = own[: history.start()]
    own = _without_introductions(own)
    if attribution := _ATTRIBUTION.search(own):
        after = own[attribution.end() :]
        is_marked = _QUOTED_LINE.match(after.lstrip("\n")) is not None
        own = own[: attribution.start()] + (after if is_marked else "")
    own = _without_signature(_FOOTER.sub("", _QUOTED_LINE.sub("", own)))
    return own.strip() or text


def _without_introductions(text: str) -> str:
    """Empty lines that say whose words are quoted right below, in whatever language."""
    kept, is_above_quoted = [], False
    for line in reversed(text.split("\n")):
        kept.append("" if is_above_quoted and _introduces(line) else line)
        if line.strip():
            is_above_quoted = line.lstrip(" \t").startswith(">")
    return "\n".join(reversed(kept))


def _introduces(line: str) -> bool:
    """Whether a line has a date or an address, and ends in a colon."""
    line = line.rstrip(" \t")
    if len(line) not in _INTRODUCTION or not line.endswith((":", "：")) or line.startswith(">"):
        return False
    has_digit = any(map(str.isdigit, line))
    return _DATED.search(line) is not None or (has_digit and _HAS_WROTE.search(line) is not None)


def _without_signature(text: str) -> str:
    """Cut off names below a farewell; where a line there says something, all of it stays."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for index in range(max(1, len(lines) - _MOST_LINES), len(lines)):
        if _SIGNED.fullmatch(lines[index]) and all(map(_is_name, lines[index + 1 :])):
            return "\n".join(lines[:index])
    return text


def _is_name(line: str) -> bool:
    """Whether a line has but a name, a rank, a firm, a number or an address."""
    words = line.split()
    is_shouted = len(words) > 2 and line.isupper() and line.replace(" ", "").isalpha()
    answers = words[0].lower().strip(".,!'’").replace("'", "").replace("’", "") in ANSWERS
    return not is_shouted and not answers and all(map(_is_named, words))


def _is_named(word: str) -> bool:
    has_letters = any(map(str.isalpha, word))
    is_address = "@" in word or "." in word[1:-1]
    return word[0].isupper() or word in _SMALL or is_address or not has_letters
