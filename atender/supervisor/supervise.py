import sys
import time
from collections.abc import Callable, Sequence

from atender.supervisor.child import Child

TICK_S = 0.1
STOP_LIMIT_S = 10.0


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def supervise(
    children: Sequence[Child],
    *,
    until: Callable[[], bool],
    each_tick: Callable[[], None] = lambda: None,
) -> None:
    """Keep the children running until asked to stop, then end them all."""
    try:
        while not until():
            for child in children:
                if found := child.tick():
                    say(found)
            each_tick()
            time.sleep(TICK_S)
    finally:
        end_all(children)


def end_all(children: Sequence[Child]) -> None:
    """Ask every child to finish; kill, with all it started, what has not within ten seconds."""
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + STOP_LIMIT_S
    while time.monotonic() < deadline and not all(child.has_stopped() for child in children):
        time.sleep(TICK_S / 2)
    for child in children:
        child.destroy()
