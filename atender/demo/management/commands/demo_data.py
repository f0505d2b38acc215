from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import IntegrityError, ProgrammingError
from django.db.migrations.exceptions import InconsistentMigrationHistory

from atender.demo.static_files import collect_if_changed

# What a database says whose tables another version has made; one that is away says another thing.
MISFITS = (InconsistentMigrationHistory, IntegrityError, ProgrammingError)


class Command(BaseCommand):
    help = "Bring the demo's database, static files and example data up to date."

    def handle(self, *_args: Any, **_options: Any) -> None:
        collect_if_changed()
        with data_of_this_version():
            call_command("prepare", stdout=self.stdout)
            call_command("seed_demo", stdout=self.stdout)


@contextmanager
def data_of_this_version() -> Iterator[None]:
    """Say what to do where the data was made by another version, as after a change of branch."""
    try:
        yield
    except MISFITS as error:
        reason = str(error).strip().partition("\n")[0].rstrip(".")
        raise CommandError(
            f"The demo's data does not fit this version of the code: {reason}. Was it made by "
            "another one? Begin anew in another folder, ATENDER_HOME=… make demo, or delete this "
            "one; where DATABASE_URL names a database, name an empty one."
        ) from error
