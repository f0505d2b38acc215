import asyncio
import logging
import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from atender.own_key import refuse_missing_secrets
from monitors.configs.watching import REGION
from monitors.probing.prober import AT_ONCE, Prober
from monitors.probing.remote import Api
from monitors.probing.sources import Database, Source

KEY = "ATENDER_PROBE_KEY"


class Command(BaseCommand):
    help = "Check what is due. Several may run, in one region or in several; they share the work."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--region",
            default=",".join(settings.PROBE_REGIONS),
            help="where it checks from; several, separated by commas, where they are one place",
        )
        parser.add_argument(
            "--api",
            default="",
            metavar="URL",
            help="the address of a console, such as https://acme.example: ask there instead of in "
            f"the database, with a key of the scope 'probes' in {KEY} or --key-file",
        )
        parser.add_argument("--key-file", default="", help="a file that holds the key")
        parser.add_argument("--at-once", type=int, default=AT_ONCE, help="checks at the same time")

    def handle(self, *_args: Any, **options: Any) -> None:
        regions = [name.strip() for name in options["region"].split(",")]
        for region in regions:
            if not REGION.fullmatch(region):
                raise CommandError(
                    f"'{region}' is no name of a region; one has small letters, digits and "
                    "hyphens, such as eu-west."
                )
        prober = Prober(
            _source(regions, api=options["api"], key_file=options["key_file"]),
            at_once=max(1, options["at_once"]),
        )
        asyncio.new_event_loop().run_until_complete(_probe(prober))
        # Threads that still wait for a name to be resolved would hold the process for a minute.
        logging.shutdown()
        os._exit(0)


def _source(regions: Sequence[str], *, api: str, key_file: str) -> Source:
    if not api:
        refuse_missing_secrets()
        return Database(*regions)
    if len(regions) > 1:
        raise CommandError("With --api a prober checks from one region: name it with --region.")
    try:
        key = Path(key_file).read_text().strip() if key_file else os.environ.get(KEY, "").strip()
    except OSError as error:
        raise CommandError(f"The key cannot be read: {error}.") from error
    if not key:
        raise CommandError(f"There is no key: set {KEY}, or name a file with --key-file.")
    return Api(api, key=key, region=regions[0])


async def _probe(prober: Prober) -> None:
    heed(prober.stop)
    await prober.run()


def heed(stop: Callable[[], None]) -> None:
    """Have the running loop stop when it is told to.

    By Python's own handlers: the loop's go through the pipe by which threads wake it. That is full
    when hundreds of checks end at once, and a signal which comes then would be lost.
    """
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))
