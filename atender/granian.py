"""granian, with the product read once before its workers are forked, and not by each of them.

    python -m atender.granian --interface wsgi atender.wsgi:application

takes granian's options, with HTTP/1 alone unless told otherwise: proxies speak it, and of the many
requests on one connection of HTTP/2 no single one can be ended. A worker is there at once, also one
that takes a dead one's place, and what was read is in memory once for all. New code needs a new
start: SIGHUP forks from what was read.
"""

import gc

gc.disable()

import logging  # noqa: E402
import multiprocessing  # noqa: E402
import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402

import django  # noqa: E402
from granian.cli import entrypoint  # noqa: E402

from atender.startup import read_ahead  # noqa: E402
from atender.supervisor.holding import wait_until_let_go  # noqa: E402


def main() -> None:
    # Elsewhere a fork is not safe: each worker reads the product itself.
    if sys.platform == "linux":
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atender.settings")
        django.setup()
        read_ahead()
        multiprocessing.set_start_method("fork", force=True)
        os.register_at_fork(after_in_child=_end_when_told)
    os.environ.setdefault("GRANIAN_HTTP", "1")
    gc.freeze()
    gc.enable()
    logging.getLogger("_granian").addFilter(_is_for_us)
    wait_until_let_go()
    entrypoint()  # type: ignore[no-untyped-call]


def _is_for_us(record: logging.LogRecord) -> bool:
    """Whether granian's line says anything: its advice on threads assumes that they all compute.

    It has no option for that, and only words to know it by; a test tells when they change. Ours
    mostly hand out finished pages or wait; the gate bounds how many are inside Django.
    """
    return not record.getMessage().startswith("Configuration allows spawning")


def _end_when_told() -> None:
    """Let a worker that is not ready yet end at a signal: until then it has its parent's handlers.

    Those only take note, and the parent would wait for ever for a worker that it has ended.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)


if __name__ == "__main__":
    main()
