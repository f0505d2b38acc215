"""What a web process does once before its first request."""

import gc
from collections.abc import Callable
from importlib import import_module

from django.conf import settings
from django.utils.module_loading import import_string

from atender.listening import listener
from atender.own_key import refuse_missing_secrets
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
