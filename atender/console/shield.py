import logging
from collections.abc import Callable

from django.db import connection, transaction

log = logging.getLogger(__name__)


def shielded(name: str, part: Callable[[], str]) -> str | None:
    """Render one part of a screen; None if it fails, so that the rest of the screen still shows."""
    try:
        if not connection.in_atomic_block:
            return part()
        # A failed query would otherwise take the page's transaction with it.
        with transaction.atomic():
            return part()
    except Exception:
        log.exception("%s failed on a console screen", name)
        return None
