"""What a web process does once before its first request."""

import gc
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError

from atender.listening import listener
from atender.patience import limit_statements

_warm_ups: list[Callable[[], object]] = []


def before_serving(warm_up: Callable[[], object]) -> None:
    """Have each web process do this once, before its first request: no visitor waits for it."""
    _warm_ups.append(warm_up)


class MissingSecret(ImproperlyConfigured, CommandError):
    """A server was started without what it must keep; a command says so in a sentence."""


def refuse_missing_secrets() -> None:
    """Raise `MissingSecret` where a server would run on a key that dies with it."""
    if not settings.HAS_OWN_SECRET_KEY:
        raise MissingSecret(
            "ATENDER_SECRET_KEY is not set. Set it to a random text of at least 50 characters "
            "and keep it: sessions and links in sent mails depend on it."
        )


def prepare_process() -> None:
    """Make a web process ready, with a database or without."""
    refuse_missing_secrets()
    limit_statements(settings.DATABASE_ANSWER_LIMIT_S)
    for warm_up in _warm_ups:
        warm_up()
    # What is there now stays to the end: no request waits while the collector walks it again.
    gc.collect()
    gc.freeze()
    listener.start()
