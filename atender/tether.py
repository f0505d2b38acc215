import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def tether(number: signal.Signals) -> Callable[[], None] | None:
    """Return what a new process runs first, so that it gets the signal when its parent dies.

    Only Linux knows this; elsewhere a killed parent leaves its children to themselves.
    Source: prctl(2), PR_SET_PDEATHSIG.
    """
    if sys.platform != "linux":
        return None
    # Loaded before the fork: between fork and exec nothing may be imported or allocated at length.
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return tie
