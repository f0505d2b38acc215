"""The database away, and visitors who look all the time meanwhile."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.edge.serving import Answer, Installation, Web

# How long a web process waits for one statement.
STATEMENT_S = 5.0
PATHS = ("/", "/history", "/history.atom", "/api/v2/summary.json", "/badge.svg")


@dataclass
class Visitors:
    """People who look all the time, and what they were answered."""

    web: Web
    answers: list[tuple[str, Answer]] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    is_over: bool = False

    def look(self) -> None:
        turn = 0
        while not self.is_over:
            path = PATHS[turn % len(PATHS)]
            turn += 1
            try:
                self.answers.append((path, self.web.get(path)))
            except OSError as error:
                self.failures.append(error)
            time.sleep(0.01)

    def slowest(self) -> float:
        return max(answer.seconds for _, answer in self.answers)

    def statuses(self) -> set[int]:
        return {answer.status for _, answer in self.answers}


@contextmanager
def visited(web: Web) -> Iterator[Visitors]:
    visitors = Visitors(web)
    threads = [threading.Thread(target=visitors.look) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield visitors
    finally:
        visitors.is_over = True
        for thread in threads:
            thread.join()


@contextmanager
def stopped(installation: Installation) -> Iterator[None]:
    installation.postgres.stop()
    try:
        yield
    finally:
        installation.postgres.start()


def is_answering(web: Web) -> bool:
    return web.get("/healthz").text == "ok\n"
