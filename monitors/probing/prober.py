"""The prober's loop: claim, check, report, a few hundred checks at a time on one processor."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic
from typing import TypeVar

from monitors.kinds import Finding, Job, check
from monitors.models.catalogue import Verdict
from monitors.probing.horizon import Belief, Horizon
from monitors.probing.sources import Result, Source

log = logging.getLogger(__name__)
T = TypeVar("T")

AT_ONCE = 500
TICK_S = 1.0
BUSY_TICK_S = 0.05
# How many unreported results are kept; the oldest are dropped, since newer ones say more.
MOST_WAITING = 20_000
LAST_WORDS_S = 2.0
# The system's resolver takes a thread for as long as it waits.
RESOLVING_THREADS = 64


@dataclass(frozen=True, slots=True)
class Done:
    job: Job
    finding: Finding
    began_at: float
    ended_at: float


class Prober:
    def __init__(self, source: Source, *, at_once: int = AT_ONCE) -> None:
        self._source = source
        self._at_once = at_once
        self._horizon = Horizon()
        self._running: dict[tuple[str, str, str], asyncio.Task[None]] = {}
        self._done: list[Done] = []
        self._stopping = asyncio.Event()
        # The database is asked from one thread only, since connections belong to threads.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="source")
        self.checked = 0

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        """Check until told to stop; then report what is done and leave the rest to others."""
        loop = asyncio.get_running_loop()
        resolving = ThreadPoolExecutor(RESOLVING_THREADS, thread_name_prefix="resolver")
        loop.set_default_executor(resolving)
        try:
            while not self._stopping.is_set():
                claimed = await self._turn()
                await self._pause(BUSY_TICK_S if claimed else TICK_S)
        finally:
            for task in self._running.values():
                task.cancel()
            await self._last_words()
            self._thread.shutdown(wait=False, cancel_futures=True)
            # A name that is never resolved must not hold the process.
            resolving.shutdown(wait=False, cancel_futures=True)

    async def _turn(self) -> int:
        """Report what is done and begin what is due; returns how many checks began or ended."""
        reported = await self._report()
        free = self._at_once - len(self._running)
        jobs: Sequence[Job] = ()
        if free > 0:
            jobs = await self._ask(lambda: self._source.claim(free), or_else=())
        for job in jobs:
            self._begin(job)
        return len(jobs) + reported

    def _begin(self, job: Job) -> None:
        key = (job.schema, job.monitor_id, job.region)
        # A check that outlasts its interval must not run twice at the same time.
        if key in self._running:
            return
        task = asyncio.create_task(self._check(job))
        self._running[key] = task
        task.add_done_callback(lambda _: self._running.pop(key, None))

    async def _check(self, job: Job) -> None:
        began_at = monotonic()
        finding = await check(job)
        ended_at = monotonic()
        self._horizon.saw(job, finding, at=ended_at)
        self._done.append(Done(job, finding, began_at, ended_at))
        self.checked += 1

    async def _report(self) -> int:
        ready, waiting = self._sorted()
        self._done = waiting
        if not ready:
            return 0
        now = monotonic()
        results = [Result(done.job, done.finding, now - done.ended_at) for done in ready]
        if not await self._ask(lambda: self._told(results), or_else=False):
            self._done = [*ready, *self._done][-MOST_WAITING:]
            return 0
        return len(ready)

    def _told(self, results: Sequence[Result]) -> bool:
        self._source.report(results)
        return True

    def _sorted(self) -> tuple[list[Done], list[Done]]:
        """Separate findings that may be reported from those the horizon still doubts."""
        ready, waiting, now = [], [], monotonic()
        for done in self._done:
            belief = self._horizon.believes(
                done.job, done.finding, began_at=done.began_at, ended_at=done.ended_at, now=now
            )
            if belief == Belief.WAITS:
                waiting.append(done)
            elif belief == Belief.UNKNOWN:
                lost = Finding(Verdict.UNKNOWN, "no_network")
                ready.append(Done(done.job, lost, done.began_at, done.ended_at))
            else:
                ready.append(done)
        return ready, waiting

    async def _ask(self, question: Callable[[], T], *, or_else: T) -> T:
        """Ask the source; one that does not answer is asked again at the next turn."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, question)
        except Exception as error:
            log.warning("nothing is claimed or reported for the moment: %s", error)
            await self._pause(TICK_S)
            return or_else

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return

    async def _last_words(self) -> None:
        # What is being reported when time is up is in no list any more.
        unreported = len(self._done)
        try:
            async with asyncio.timeout(LAST_WORDS_S):
                await self._report()
        except TimeoutError:
            if unreported:
                log.warning("%d results are lost: nobody takes them", unreported)
