"""How near in meaning a message is to each incident, by vectors that a model elsewhere made.

One more feature beside those that the trees know, and pure: vectors come in, log-odds go out.
`docs/matching.md` argues the constants and says what they were measured on.
"""

import numpy as np

from assist.matching.geometry import Floats

# Bounded, so that it lifts what nearly matched, and what shares nothing stays far below any bar.
MOST_LIFTED, LIFTED_FROM, LIFTED_TO = 1.5, 4.0, 7.0
# Of many, one is near by chance: each doubling of what is active asks for so much more.
_EACH_DOUBLING = 1.0
# Only what is as near as can be, and nearer than any other that is active, is worth a little alone.
VERY_NEAR, CLEAR_LEAD, WORTH_ALONE = 8.0, 3.0, -1.0
# Some of what people write on any day may be about this very incident.
_NOT_ORDINARY = 2
# Of models for which all texts are much alike; below, it is rounding.
_LEAST_SPREAD = 0.01


def nearness(message: Floats, incidents: Floats, ordinary: Floats, english: Floats) -> Floats:
    """Answer, per incident, how many deviations nearer the message is than ordinary ones are.

    All are unit vectors of one model, a row each; `ordinary` are messages in the message's
    language and `english` the same in English, so that neither the model's scale nor what it makes
    of a language counts. Incidents whose row is not finite are not known: NaN.
    O((incidents + ordinary) × dimensions).
    """
    usual, spread = _usual(ordinary, incidents)
    # A language of which a model makes little is all alike to it: that is no telling nearness.
    spread = np.maximum(np.maximum(spread, _usual(english, incidents)[1]), _LEAST_SPREAD)
    return np.asarray((incidents @ message - usual) / spread, dtype=np.float32)


def _usual(ordinary: Floats, incidents: Floats) -> tuple[Floats, Floats]:
    """Answer how near ordinary messages come to each incident: mean and deviation."""
    near = np.sort(ordinary @ incidents.T, axis=0)[:-_NOT_ORDINARY]
    return near.mean(axis=0), near.std(axis=0)


def lifted(scores: Floats, near: Floats) -> Floats:
    """Add what nearness is worth to log-odds: never less than nothing, `MOST_LIFTED` at most."""
    known = np.nan_to_num(near, nan=0.0)
    first = LIFTED_FROM + _EACH_DOUBLING * np.log2(max(len(known), 1))
    share = np.clip((known - first) / (LIFTED_TO - LIFTED_FROM), 0.0, 1.0)
    leads = _lead(known) >= CLEAR_LEAD
    base = np.where(leads & (known >= VERY_NEAR), np.maximum(scores, WORTH_ALONE), scores)
    return np.asarray(base + MOST_LIFTED * share * leads, dtype=np.float32)


def _lead(near: Floats) -> Floats:
    """Answer each one's lead over the nearest of the others; a lone one leads by all it has."""
    if len(near) < 2:
        return near
    second, first = np.partition(near, -2)[-2:]
    return np.asarray(near - np.where(near >= first, second, first), dtype=np.float32)
