"""How many requests a key may send: counted in the database, so that all web processes share it.

A window begins with a key's first request and lasts a minute; within it the key has its quota. The
count is one row a key in a table without a journal, raised by the statement that looks the key up
(`atender.api.keys`) and committed at once: two at a time wait microseconds for each other and none
is lost. A crash of the database starts all windows anew. Header fields and the problem's type:
draft-ietf-httpapi-ratelimit-headers-10.
"""

import math
from dataclasses import dataclass

from rest_framework.exceptions import Throttled

WINDOW_S = 60
POLICY = "key"


@dataclass(frozen=True, slots=True)
class Rate:
    """Where a key stands in its window, this request counted."""

    quota: int
    used: int
    # Seconds until the window ends.
    rest_s: float

    @property
    def is_spent(self) -> bool:
        return self.used > self.quota

    @property
    def wait_s(self) -> int:
        """Whole seconds after which a request is surely in the next window."""
        return max(math.ceil(self.rest_s), 1)

    def headers(self) -> dict[str, str]:
        left = max(self.quota - self.used, 0)
        return {
            "RateLimit-Policy": f'"{POLICY}";q={self.quota};w={WINDOW_S}',
            "RateLimit": f'"{POLICY}";r={left};t={self.wait_s}',
        }


class TooManyRequests(Throttled):
    """The key has used up its quota."""

    problem_type = "https://iana.org/assignments/http-problem-types#quota-exceeded"

    def __init__(self, rate: Rate) -> None:
        sentence = (
            f"This key has sent its {rate.quota:,} requests of this minute; "
            f"send the next one in {rate.wait_s} s."
        )
        super().__init__(detail=sentence)
        # After the base class, which would add a sentence of its own.
        self.wait = rate.wait_s
        self.members = {"violated-policies": [POLICY]}
