"""What happens in a drill, by its clock: signs of the outage, and what customers write. Pure."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from assist.examples.written import OTHER, messages

LENGTH_S = 600
ABOUT, BESIDE = 14, 4
# The first customers write half a minute after the outage begins.
FIRST_S, LAST_S = 30, 540


@dataclass(frozen=True, slots=True)
class Sign:
    at_s: float
    words: str


@dataclass(frozen=True, slots=True)
class Written:
    """`is_about` is whether it is about the outage: what a card beside it ought to say."""

    number: int
    at_s: float
    language: str
    text: str
    is_about: bool


@dataclass(frozen=True, slots=True)
class Scenario:
    name: str
    title: str
    topic: str
    component: str
    signs: Sequence[Sign]


SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario(
            "payments",
            "Cards are declined",
            "pay",
            "Payments",
            (
                Sign(0, "Monitor “Checkout journey”: DOWN. The payment step answers 502."),
                Sign(150, "The card processor's own page says: degraded."),
                Sign(420, "Monitor “Checkout journey”: UP again, from all regions."),
            ),
        ),
        Scenario(
            "sign-in",
            "Nobody can sign in",
            "login",
            "Sign-in",
            (
                Sign(0, "Monitor “Sign-in probe”: DOWN. Every attempt answers 500."),
                Sign(120, "A deployment of the session service went out 4 minutes before."),
                Sign(450, "Monitor “Sign-in probe”: UP again after the deployment was taken back."),
            ),
        ),
        Scenario(
            "slow-api",
            "The API is slow",
            "slow",
            "API",
            (
                Sign(0, "Monitor “API probe”: DEGRADED. p95 is 4.8 s instead of 0.4 s."),
                Sign(180, "One key sends forty times its usual number of requests."),
                Sign(400, "Monitor “API probe”: UP. p95 is 0.5 s."),
            ),
        ),
    )
}


@cache
def wave_of(name: str) -> tuple[Written, ...]:
    """Every drill of a scenario has the same wave, so that two can be compared."""
    scenario, chance = SCENARIOS[name], random.Random(name)  # noqa: S311 - no secret
    about = [m for m in messages() if m.topic == scenario.topic]
    beside = [m for m in messages() if m.topic == OTHER]
    chosen = [(m, True) for m in chance.sample(about, ABOUT)]
    chosen += [(m, False) for m in chance.sample(beside, BESIDE)]
    chance.shuffle(chosen)
    # Most of them early.
    times = sorted(FIRST_S + (LAST_S - FIRST_S) * chance.random() ** 2 for _ in chosen)
    return tuple(
        Written(number, at_s, m.language, m.text, is_about)
        for number, (at_s, (m, is_about)) in enumerate(zip(times, chosen, strict=True))
    )
