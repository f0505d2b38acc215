"""`python -m atender.embedded start|stop|status|url`: the home's PostgreSQL without the demo."""

import argparse
import os
import sys
from pathlib import Path

from atender.embedded.server import EmbeddedPostgres
from atender.embedded.trouble import PostgresTrouble


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m atender.embedded", description=__doc__)
    parser.add_argument("action", choices=("start", "stop", "status", "url"))
    action = parser.parse_args().action
    home = Path(os.environ.get("ATENDER_HOME", ".atender"))
    try:
        print(_perform(EmbeddedPostgres(home, is_tied=False), action))
    except (PostgresTrouble, OSError) as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


def _perform(server: EmbeddedPostgres, action: str) -> str:
    if action == "start":
        url = server.start()
        server.leave()
        return url
    if action == "stop":
        return _stop(server)
    if action == "status":
        return f"runs, process {server.pid}" if server.pid else "does not run"
    return server.url


def _stop(server: EmbeddedPostgres) -> str:
    if not server.pid:
        return "does not run"
    server.start()
    if not server.is_mine:
        raise PostgresTrouble("Another process of this home uses it; stop that one instead.")
    server.stop()
    return "stopped"


if __name__ == "__main__":
    sys.exit(main())
