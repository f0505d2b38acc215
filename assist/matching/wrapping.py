"""Take off what surrounds a complaint: greeting, quoted mail, thanks, signature."""

import re
from pathlib import Path


def _phrases(part: str) -> str:
    """Read one part of `wrapping.txt` as alternatives."""
    text = Path(__file__).with_name("wrapping.txt").read_text(encoding="utf-8")
    lines = text.split(f"= {part}\n", 1)[1].split("\n=", 1)[0].splitlines()
    return "|".join(line for line in lines if line)


_GREETING = _phrases("greeting")
CLOSING = _phrases("closing")
_UNSPACED_GREETING = _phrases("unspaced greeting")
_UNSPACED_CLOSING = _phrases("unspaced closing")
_NAME = r"(?:[ ,]+[^\s,.!?:;，。！]{1,20}){0,4}"
_OPENING = re.compile(
    rf"\A\s*(?:(?:{_GREETING})\b"
    r"(?:[^\n,.!?:;]{0,40}?(?:[,!:;.،]|\n|\s-\s)|\s+(?=(?:i|my|we|our|ich|je)\b))"
    rf"|(?:{_UNSPACED_GREETING})[^\n]{{0,12}}?[,，、。!！\n])\s*",
    re.IGNORECASE,
)
_ENDING = re.compile(
    rf"(?:(?<=[\n.!?。！？؟…])|(?<=\n)|(?<=[.!?] ))\s*(?:(?:{CLOSING})(?=[\s,.!;:،-]|\Z){_NAME}"
    rf"|(?:{_UNSPACED_CLOSING}))",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"\n\s*(?:--+|__+|—+|==+)\s*\n")
_BLANKS = re.compile(r"[ \t]+")
_LINES = re.compile(r" ?\n[ \n]*")
_QUOTED_LINES = re.compile(r"(?m)^[ \t]*>.*$")
_COURTESY = re.compile(
    r"(?i)\b(?:i )?hope (?:you|this|all|everything)[^.!?\n]{0,50}[.!?\n]"
    r"|\b(?:many )?thank(?:s| you)(?: (?:so|very) much)?"
    r"(?: in advance| for your (?:help|time|support|assistance|patience))?[.!]*\s*\Z"
    r"|\b(?:please )?(?:let me know|get back to me|advise)"
    r"(?: as soon as (?:you can|possible)| asap)?[.!]*\s*\Z"
)
_LONGEST_SIGNATURE = 320
_LEAST_LEFT = 8


def _enough(text: str) -> bool:
    return len(text.strip()) >= _LEAST_LEFT or any(ord(c) > 0x2E80 for c in text)


def _without_signature(text: str) -> str:
    mark = _SIGNATURE.search(text)
    if mark and _enough(text[: mark.start()]):
        text = text[: mark.start()]
    for ending in _ENDING.finditer(text):
        left = text[: ending.start()]
        if len(text) - ending.start() <= _LONGEST_SIGNATURE and _enough(left):
            return left
    return text


def unwrap(text: str) -> str:
    """Answer the text without its wrapping, or as it was where nothing would be left."""
    text = _LINES.sub("\n", _BLANKS.sub(" ", text)).strip()
    plain = _QUOTED_LINES.sub("", text)
    if not _enough(plain):
        plain = text
    for _ in range(2):
        opening = _OPENING.match(plain)
        if opening and _enough(plain[opening.end() :]):
            plain = plain[opening.end() :]
    plain = _without_signature(plain)
    bare = _COURTESY.sub(" ", plain)
    return (bare if _enough(bare) else plain).strip() or text
