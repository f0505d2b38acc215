from pathlib import Path

from atender.embedded.places import Place

ALWAYS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    # Two web processes and two workers with their pools, and a test run's workers, fit.
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Short statements are the rule here; compiling them costs more than it saves.
    "jit": "off",
}
# A test's data need not survive a power cut.
CARELESS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "10min",
}


def server_settings(place: Place, access: tuple[Path, Path], *, durable: bool) -> list[str]:
    """Return the server's settings as arguments: the same program and data start alike anywhere."""
    rules, people = access
    settings = {
        **ALWAYS,
        "unix_socket_directories": _quoted(place.sockets),
        "hba_file": str(rules),
        "ident_file": str(people),
        **({} if durable else CARELESS),
    }
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]


def _quoted(folder: Path) -> str:
    return '"' + str(folder).replace('"', '""') + '"'
