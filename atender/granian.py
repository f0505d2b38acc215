"""granian, with the product read once before its workers are forked, and not by each of them.

    python -m atender.granian --interface wsgi atender.wsgi:application

takes granian's options. A worker is there at once, also one that takes a dead one's place, and what
was read is in memory once for all. New code needs a new start: SIGHUP forks from what was read.
"""

import gc

gc.disable()

import multiprocessing  # noqa: E402
import os  # noqa: E402
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
    gc.freeze()
    gc.enable()
    wait_until_let_go()
    entrypoint()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
