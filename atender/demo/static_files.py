import hashlib
from collections.abc import Iterator

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect_if_changed() -> None:
    """Collect the static files, unless those of the last time are still the same."""
    stamp = settings.STATIC_ROOT / ".collected"
    fingerprint = _fingerprint()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    # The API's documentation is shown by Swagger UI alone.
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["redoc*"])
    stamp.write_text(fingerprint)


def _fingerprint() -> str:
    return hashlib.sha256("\n".join(sorted(_sources())).encode()).hexdigest()


def _sources() -> Iterator[str]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = storage.get_modified_time(name)
            yield f"{name} {storage.size(name)} {status.timestamp()}"
