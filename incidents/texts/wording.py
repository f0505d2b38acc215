"""Finds vague titles, and words that customers do not know. Pure: no record, no clock.

Its findings are advice; no title or text is refused for them.
"""

import re
from dataclasses import dataclass

FEWEST_TELLING_WORDS = 3

WORD = re.compile(r"[^\W_]+(?:[-'’./][^\W_]+)*")
GRAMMAR_WORDS = """
a an and are at be been by for from has have in is it its may not of off on or our out some that
the their this to up was we were with you your
"""
# They fit every incident and so distinguish none.
EMPTY_WORDS = """
affecting bug bugs current currently degradation difficulties disruption disruptions error errors
experiencing failure failures general incident incidents interruption intermittent investigating
issue issues known ongoing outage outages platform potential problem problems product service
services several site software something stability system systems technical temporary trouble
troubles unavailable unplanned unstable users various website wrong
"""
SILENT_WORDS = frozenset(GRAMMAR_WORDS.split()) | frozenset(EMPTY_WORDS.split())


@dataclass(frozen=True, slots=True)
class Jargon:
    """A word as it was written, and what a customer would understand instead."""

    word: str
    plain: str


PLAIN_WORDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE), plain)
    for pattern, plain in (
        (r"(?:http )?5(?:xx|\d\d)s?(?: errors?)?", "error pages, failed requests"),
        (r"(?:http )?4(?:xx|\d\d)s?(?: errors)", "refused requests"),
        (r"fail(?:ed|ing)?[- ]?over", "a switch to our standby"),
        (r"p(?:50|90|95|99)(?:\.\d+)?(?: latency)?", "the slowest requests"),
        (r"latency", "slow responses"),
        (r"packet loss", "connections that break off"),
        (r"rollback|roll(?:ed|ing)? back", "back to the version before"),
        (r"hot-?fix", "a repair"),
        (r"oom(?:[- ]?kill(?:ed|s)?)?|out of memory", "a server that stopped"),
        (r"k8s|kubernetes|pods?", "our servers"),
        (r"db|rds|postgres(?:ql)?|mysql|redis|kafka", "our database"),
        (r"replica(?:tion)?(?: lag)?", "a copy of the data that lags behind"),
        (r"load[- ]?balancer|ingress|upstreams?", "the way to our servers"),
        (r"mitigat(?:ed|ing|ion)", "repaired for now"),
        (r"rca|root cause analysis", "the cause"),
        (r"sev-?[0-5]|p[0-4]", "how many are affected"),
        (r"availability zones?|us-east-\d|eu-west-\d", "a part of our servers"),
    )
)


def telling_words(title: str) -> list[str]:
    """Return the words by which a title differs from others, in their order."""
    words = WORD.findall(title.casefold())
    return [word for word in words if word not in SILENT_WORDS and len(word) > 1]


def vague_title(title: str) -> str:
    """Return a sentence of advice where a title says too little, else nothing."""
    words = telling_words(title)
    if not title.strip():
        return ""
    if not words:
        return (
            f"Vague: “{shortened(title)}” could be any incident, so nothing that a customer "
            "writes will match it. Name what fails and how they notice: "
            "“API response times degraded”."
        )
    if len(words) < FEWEST_TELLING_WORDS:
        return (
            f"Short: only “{' '.join(words)}” tells it apart. Say what fails and how customers "
            "notice it, in the words that they would use."
        )
    return ""


def jargon_in(text: str) -> list[Jargon]:
    """Return the technical words of a public text, each once, in their order."""
    hits = [(hit, plain) for pattern, plain in PLAIN_WORDS for hit in pattern.finditer(text)]
    found: dict[str, Jargon] = {}
    end = 0
    for hit, plain in sorted(hits, key=lambda entry: (entry[0].start(), -entry[0].end())):
        # Of overlapping words the longest counts.
        if hit.start() >= end:
            found.setdefault(hit[0].casefold(), Jargon(hit[0], plain))
            end = hit.end()
    return list(found.values())


def jargon_advice(text: str) -> str:
    """Return a sentence with a plain word for each technical one, nothing where there is none."""
    found = [f"“{jargon.word}” (say: {jargon.plain})" for jargon in jargon_in(text)]
    if not found:
        return ""
    words = found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}"
    return f"Customers may not know {words}."


def shortened(text: str, longest: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
