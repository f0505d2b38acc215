"""The likely cause of a failing monitor and what to check, from the pattern of its failures.

Pure: it is given what each region found last. The first five rows are the patterns responders know.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from monitors.models.catalogue import Verdict
from monitors.outcomes import Outcome
from monitors.verdicts.judging import commonest

TIMEOUT = "timeout"
GOLD_PROMPT = "gold_prompt_failed"


@dataclass(frozen=True, slots=True)
class Cause:
    """What it probably is, what to look at, and what was seen that says so."""

    what: str
    check: str
    evidence: str

    @property
    def sentence(self) -> str:
        return f"{self.what}: {self.evidence}. Check {self.check}."


@dataclass(frozen=True, slots=True)
class Row:
    holds: Callable[[str], bool]
    what: str
    check: str


def _is(*codes: str) -> Callable[[str], bool]:
    return lambda code: code in codes


def _begins(*starts: str) -> Callable[[str], bool]:
    return lambda code: code.startswith(starts)


ROWS = (
    Row(_is(TIMEOUT), "The server is probably down", "the server's logs and the hosting dashboard"),
    Row(_begins("http_5"), "Probably an application error", "the application's logs"),
    Row(
        _is("http_401", "http_403"),
        "Probably an authentication failure",
        "whether the API key is still valid",
    ),
    Row(
        _is(GOLD_PROMPT),
        "Probably an issue of the model",
        "the model's behaviour and the prompts",
    ),
    Row(
        _is("connection_refused", "connection"),
        "Probably nothing listens there",
        "whether the process runs, and the firewall before it",
    ),
    Row(_is("name"), "The name cannot be found", "the DNS records and when the domain expires"),
    Row(_begins("dns_"), "The DNS answers otherwise than it should", "the zone's records"),
    Row(
        _begins("tls", "certificate_"),
        "Something is wrong with the certificate",
        "when it expires, its names, and whether its renewal runs",
    ),
    Row(
        _is("slow"),
        "It answers, but too slowly",
        "load, and what was deployed or changed within the last two hours",
    ),
    Row(
        _is("http_404", "http_410"),
        "Probably the address moved",
        "the last deployment, and the monitor's address",
    ),
    Row(_is("http_429"), "It is asked too often", "the rate limit and the monitor's interval"),
    Row(
        _is("keyword_missing", "json_mismatch", "schema_mismatch", "too_many_tokens"),
        "It answers, but not what it should",
        "the last deployment, and what the answer holds now",
    ),
    Row(
        _is("heartbeat_missed"),
        "Probably the job did not run, or did not finish",
        "the scheduler and the job's own log",
    ),
    Row(
        _begins("upstream_"),
        "The vendor reports trouble",
        "the vendor's status page, and what of ours depends on it",
    ),
    Row(_is("redirects"), "It sends on without end", "the redirects of the server and its proxy"),
    Row(
        _is("private_target"),
        "Its address leads into a private network",
        "the monitor's address; the operator decides whether such ones are called",
    ),
    Row(_is("address"), "Its address cannot be called", "the monitor's address and headers"),
)
OTHER = Row(lambda _: True, "It answers in an unexpected way", "the monitor's own log")


def likely_cause(outcomes: Sequence[Outcome]) -> Cause:
    """Name the likely cause of what regions found; one of them at least is not up."""
    known = [o for o in outcomes if o.verdict != Verdict.UNKNOWN]
    failing = [o for o in known if o.verdict == Verdict.DOWN]
    wrong = failing or [o for o in known if o.verdict == Verdict.DEGRADED] or list(outcomes)
    code = commonest(wrong)
    evidence = _evidence(wrong, len(known) or len(wrong), code)
    if failing and len(failing) < len(known):
        where = _named([o.region or o.place for o in failing])
        return Cause("Probably a regional issue", f"CDN and DNS for {where}", evidence)
    row = next((row for row in ROWS if row.holds(code)), OTHER)
    return Cause(row.what, row.check, evidence)


def _evidence(wrong: Sequence[Outcome], known: int, code: str) -> str:
    said = spoken(code)
    if known <= 1:
        return said
    if len(wrong) == known:
        return f"{said}, seen from all {known} regions"
    where = _named([o.region or o.place for o in wrong])
    return f"{said}, seen from {where}, {len(wrong)} of {known} regions"


SPOKEN = {
    TIMEOUT: "no answer in time",
    GOLD_PROMPT: "the endpoint answers but the gold prompt fails",
    "connection_refused": "the connection is refused",
    "connection": "the connection breaks off",
    "name": "the name has no address",
    "tls": "no TLS connection that can be trusted",
    "slow": "the latency is over its limit",
    "keyword_missing": "the expected words are not in the answer",
    "json_mismatch": "the JSON answer does not hold the expected value",
    "schema_mismatch": "the answer has not the shape of its schema",
    "too_many_tokens": "the answer uses more tokens than allowed",
    "redirects": "redirects lead on and on",
    "too_large": "the answer is longer than is read",
    "protocol": "the answer is not what its protocol asks for",
    "address": "nothing was called",
    "private_target": "the address is a private one, which is not allowed here",
    "heartbeat_missed": "no call came by its time",
    "dns_mismatch": "the records are not the expected ones",
    "dns_no_answer": "there is no such record",
    "certificate_expired": "the certificate has expired",
    "certificate_expires": "the certificate expires soon",
    "no_network": "the prober itself had no network",
    "broken": "the check itself failed",
}


def spoken(code: str) -> str:
    """Say an error code in words."""
    if code.startswith("http_"):
        return f"HTTP {code.removeprefix('http_')}"
    if code.startswith("upstream_"):
        return f"the vendor's page says “{code.removeprefix('upstream_').replace('_', ' ')}”"
    return SPOKEN.get(code, code.replace("_", " ") or "nothing was said")


def _named(names: Sequence[str]) -> str:
    kept = [name for name in names if name] or ["one region"]
    return ", ".join(kept) if len(kept) <= 3 else f"{len(kept)} regions"
