"""What a web process does once before its first request."""

import gc
from collections.abc import Callable
from importlib import import_module

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from django.utils.module_loading import import_string

from atender.listening import listener
from atender.patience import limit_statements

_readings: list[Callable[[], object]] = []
_warm_ups: list[Callable[[], object]] = []


def read_once(reading: Callable[[], object]) -> None:
    """Have this read before the first request, by all web processes of a machine together.

    It may start nothing and connect to nothing: the processes are forked from the one that read.
    """
    _readings.append(reading)


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


def read_ahead() -> None:
    """Read what a web process would, for all that are forked from this one."""
    refuse_missing_secrets()
    for name in settings.MIDDLEWARE:
        import_string(name)
    for urlconf in (settings.ROOT_URLCONF, settings.PAGE_URLCONF, settings.LANDING_URLCONF):
        import_module(urlconf)
    for reading in _readings:
        reading()


def prepare_process() -> None:
    """Make a web process ready, with a database or without."""
    refuse_missing_secrets()
    limit_statements(settings.DATABASE_ANSWER_LIMIT_S)
    for warm_up in (*_readings, *_warm_ups):
        warm_up()
    # What is there now stays to the end: no request waits while the collector walks it again.
    gc.collect()
    gc.freeze()
    listener.start()
