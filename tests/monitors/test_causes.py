"""Likely cause and what to check: the five documented rows, and those beside them."""

import pytest

from monitors.models import Verdict
from monitors.outcomes import Outcome
from monitors.verdicts.causes import likely_cause
from tests.monitors.making import DEGRADED, DOWN, UNKNOWN, UP, outcome


def everywhere(code: str, verdict: Verdict = DOWN) -> list[Outcome]:
    return [outcome(verdict, code, region=region) for region in ("eu-west", "us-east", "ap")]


@pytest.mark.parametrize(
    ("found", "what", "check"),
    [
        (everywhere("timeout"), "server is probably down", "the server's logs and the hosting"),
        (everywhere("http_503"), "application error", "the application's logs"),
        (everywhere("http_401"), "authentication failure", "API key is still valid"),
        (everywhere("http_403"), "authentication failure", "API key is still valid"),
        (
            [outcome(DOWN, "timeout", region="eu-west"), outcome(region="us-east")],
            "regional issue",
            "CDN and DNS for eu-west",
        ),
        (everywhere("gold_prompt_failed", DEGRADED), "issue of the model", "the prompts"),
    ],
)
def test_the_documented_rows(found: list[Outcome], what: str, check: str) -> None:
    cause = likely_cause(found)
    assert what in cause.what
    assert check in cause.check
    assert cause.evidence in cause.sentence


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (
            [outcome(DOWN, "http_502")],
            "Probably an application error: HTTP 502. Check the application's logs.",
        ),
        (everywhere("timeout"), "no answer in time, seen from all 3 regions"),
        (
            [outcome(DOWN, "http_500", region="a"), outcome(region="b"), outcome(region="c")],
            "HTTP 500, seen from a, 1 of 3 regions",
        ),
        ([outcome(DEGRADED, "slow")], "too slowly: the latency is over its limit"),
        ([outcome(DOWN, "heartbeat_missed")], "the job did not run"),
        ([outcome(DOWN, "upstream_major_outage")], "says “major outage”"),
        ([outcome(DOWN, "something_new")], "something new"),
        ([outcome(UNKNOWN, "no_network")], "had no network"),
    ],
)
def test_the_evidence_is_said(found: list[Outcome], sentence: str) -> None:
    assert sentence in likely_cause(found).sentence


def test_a_slow_region_is_no_regional_outage() -> None:
    found = [outcome(DEGRADED, "slow", region="a"), outcome(UP, region="b")]
    assert "too slowly" in likely_cause(found).what
