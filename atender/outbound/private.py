"""Whether targets may be in a private network: globally, or within a block.

The operator decides. Nothing that a visitor enters is ever called in such a block.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings

_allowed = ContextVar("private_targets_allowed", default=False)


def may_be_private() -> bool:
    return settings.PRIVATE_TARGETS_ALLOWED or _allowed.get()


@contextmanager
def private_targets(*, allowed: bool) -> Iterator[None]:
    """Let the block, and the asyncio task that it stands in, call private addresses, or not."""
    token = _allowed.set(allowed)
    try:
        yield
    finally:
        _allowed.reset(token)
