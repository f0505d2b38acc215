"""A data folder's creation, and who may connect to it."""

import shutil
import subprocess
from pathlib import Path

from atender.embedded.account import Account, invoker
from atender.embedded.binaries import Installation
from atender.embedded.places import Place, give
from atender.embedded.trouble import PostgresTrouble

ROLE = "atender"
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}
FIRST_MAJOR_WITH_BUILTIN_LOCALE = 17


def data_major(place: Place) -> int | None:
    """Return the major version of the data that exists already."""
    try:
        return int((place.data / "PG_VERSION").read_text())
    except (OSError, ValueError):
        return None


def create_cluster(place: Place, installation: Installation, account: Account) -> None:
    """Fill the data folder, whole or not at all."""
    shutil.rmtree(place.unfinished, ignore_errors=True)
    give(place.unfinished, account)
    finished = subprocess.run(
        [
            installation.program("initdb"),
            *("--no-sync", "--encoding=UTF8", f"--username={ROLE}", "--auth=peer"),
            *_locale(installation),
            *("--pgdata", place.unfinished),
        ],
        env=ENVIRONMENT,
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **account.identity(),
    )
    if finished.returncode != 0:
        raise PostgresTrouble(
            f"PostgreSQL could not create its data in {place.data}: {finished.stderr.strip()}"
        )
    place.unfinished.rename(place.data)


def _locale(installation: Installation) -> list[str]:
    if installation.major >= FIRST_MAJOR_WITH_BUILTIN_LOCALE:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C", "--lc-ctype=C.UTF-8"]


def write_access_rules(place: Place) -> tuple[Path, Path]:
    """Let in whoever starts the server, and root, identified by the kernel alone.

    The files lie beside the data, since the account could change those within it.
    """
    rules = place.root / "pg_hba.conf"
    people = place.root / "pg_ident.conf"
    for path, text in (
        (rules, "local all all peer map=invoker\n"),
        (people, "".join(f'invoker "{name}" {ROLE}\n' for name in {invoker(), "root"})),
    ):
        path.write_text(text)
        path.chmod(0o644)
    return rules, people
