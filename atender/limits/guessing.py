"""Limits password guesses: wrong ones are counted, right ones cost nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from atender.limits.counting import REFILL, TooOften, give_back, network_of, take

# Wrong ones in an hour: for one address from one network, from one network, for one address. The
# last is wide, since whoever guesses from many networks must not keep a person out for long.
PER_PAIR, PER_NETWORK, PER_ADDRESS = 10, 60, 120


@contextmanager
def one_guess(address: str, network: str) -> Iterator[None]:
    """Count what is done inside as a wrong guess unless it ends well. Raises TooOften before it.

    The count is taken first, so that guesses made at once all count. It does not reveal whether the
    address belongs to anybody.
    """
    address, network, at = address.strip().lower(), network_of(network), timezone.now()
    buckets = {
        f"guess {address} from {network}": PER_PAIR,
        f"guesses from {network}": PER_NETWORK,
        f"guesses of {address}": PER_ADDRESS,
    }
    taken: list[str] = []
    for name, most in buckets.items():
        if not take(name, most=most, at=at):
            for other in taken:
                give_back(other, most=buckets[other])
            raise TooOften(*_refusal(most))
        taken.append(name)
    yield
    for name in taken:
        give_back(name, most=buckets[name])


def _refusal(most: int) -> tuple[str, int]:
    wait_s = int(REFILL.total_seconds() / most)
    minutes = max(round(wait_s / 60), 1)
    when = "a minute" if minutes == 1 else f"{minutes} minutes"
    return f"Too many wrong passwords came from here. Try again in {when}.", wait_s
