"""`make demo`: PostgreSQL, database and all processes in the foreground, and their end."""

import http.client
import math
import os
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from atender.embedded import EmbeddedPostgres, PostgresTrouble
from atender.supervisor.child import Child
from atender.supervisor.demo_home import DemoHome, HomeInUse
from atender.supervisor.holding import Hold
from atender.supervisor.port import HOST, PortTrouble, free_port, refuse_taken, wanted_port
from atender.supervisor.stopping import StopRequest
from atender.supervisor.supervise import end_all, say, supervise

BASE_DIR = Path(__file__).resolve().parents[2]
# A web server that dies this often before its first answer will not come up by itself.
WEB_DEATHS_LIMIT = 5
# Many, since the edge lets few of them into Django, and the others wait or serve what is finished.
WEB_THREADS = "160"
BACKGROUND = (("The worker", "qcluster"), ("The clock", "clock"))
# Nobody waits for the others as for the web server, so that it has the processors to itself while
# it starts; no longer than this, though.
BACKGROUND_WAIT_S = 5.0


class DemoTrouble(Exception):
    """The demo cannot run; the message says why."""


def main() -> int:
    stop = StopRequest()
    stop.listen()
    try:
        _run(stop)
    except (DemoTrouble, HomeInUse, PortTrouble, PostgresTrouble) as trouble:
        say(str(trouble))
        return 1
    except OSError as error:
        say(f"The demo cannot use its files: {error}. Set ATENDER_HOME to a folder of your own.")
        return 1
    return 0


def _run(stop: StopRequest) -> None:
    port = wanted_port()
    refuse_taken(port)
    home = DemoHome(Path(os.environ.get("ATENDER_HOME") or BASE_DIR / ".atender"))
    home.claim()
    home.hide()
    with ExitStack() as running:
        running.callback(home.hide)
        environment = _environment(home, port)
        postgres = None if environment.get("DATABASE_URL") else EmbeddedPostgres(home.folder)
        if postgres:
            environment["DATABASE_URL"] = postgres.url
        # It reads the product while the database and its data are made ready, and waits for them.
        hold = Hold()
        web = _web(port, environment, hold)
        running.callback(end_all, [web])
        web.tick()
        if postgres:
            running.enter_context(postgres)
            environment["ATENDER_POSTGRES_PID"] = str(postgres.pid)
        if _filled(environment, stop):
            hold.let_go()
            _serve(home, port, environment, web, stop, postgres)
        say("Stopping …")
    say("Stopped.")


def _environment(home: DemoHome, port: int) -> dict[str, str]:
    defaults = {
        "ATENDER_SECRET_KEY": home.secret_key(),
        "ATENDER_PUBLIC_PORT": str(port),
        "ATENDER_INTERNAL_PORT": str(free_port()),
        "DJANGO_SETTINGS_MODULE": "atender.settings",
    }
    fixed = {
        "ATENDER_DEMO": "1",
        "ATENDER_HOME": str(home.folder),
        "ATENDER_DEMO_FILE": str(home.upcoming),
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }
    return {**defaults, **os.environ, **fixed}


def _filled(environment: Mapping[str, str], stop: StopRequest) -> bool:
    """Bring database, static files and example data up to date; False if asked to stop."""
    step = Child("The preparation", _manage("demo_data"), environment=environment, folder=BASE_DIR)
    step.tick()
    try:
        while not step.has_stopped():
            if stop.is_made():
                return False
            time.sleep(0.02)
    finally:
        end_all([step])
    if step.exit_status != 0 and not stop.is_made():
        raise DemoTrouble("The demo's data could not be prepared; the reason stands above.")
    return True


def _serve(
    home: DemoHome,
    port: int,
    environment: Mapping[str, str],
    web: Child,
    stop: StopRequest,
    postgres: EmbeddedPostgres | None,
) -> None:
    background = [
        Child(name, _manage(command), environment=environment, folder=BASE_DIR)
        for name, command in BACKGROUND
    ]
    for child in background:
        child.hold_back(BACKGROUND_WAIT_S)
    # Not before there is an answer, since it watches the demo itself.
    prober = Child("The prober", _manage("probe"), environment=environment, folder=BASE_DIR)
    prober.hold_back(math.inf)
    background.append(prober)
    is_ready = is_without_database = False

    def look_after_postgres() -> None:
        nonlocal is_without_database
        if postgres and postgres.has_ended() and not is_without_database:
            is_without_database = True
            say("PostgreSQL has ended; pages are served as they were until it is back.")

    def announce_once() -> None:
        nonlocal is_ready
        if is_ready:
            return
        if web.deaths >= WEB_DEATHS_LIMIT:
            refuse_taken(port)
            raise DemoTrouble("The web server does not start; the reason stands above.")
        if not web.has_stopped() and answers(port):
            is_ready = True
            for child in background:
                child.hurry()
                child.tick()
            home.publish()
            print(_welcome(port, home.description()), flush=True)

    def each_tick() -> None:
        look_after_postgres()
        announce_once()

    supervise([web, *background], until=stop.is_made, each_tick=each_tick)


def _manage(command: str) -> list[str]:
    return [sys.executable, "manage.py", command]


def _web(port: int, environment: Mapping[str, str], hold: Hold) -> Child:
    command = [
        *(
            sys.executable,
            "-m",
            "atender.granian",
            "atender.wsgi:application",
            "--interface",
            "wsgi",
        ),
        *("--host", HOST, "--port", str(port), "--workers", "2", "--no-access-log", "--no-ws"),
        # Many connections, since a browser that looks at a page keeps one.
        *("--blocking-threads", WEB_THREADS, "--backpressure", "1024", "--backlog", "2048"),
        *("--respawn-failed-workers", "--workers-kill-timeout", "3", "--log-level", "warning"),
    ]
    return Child(
        "The web server",
        command,
        environment={**environment, **hold.environment, "ATENDER_WEB_THREADS": WEB_THREADS},
        folder=BASE_DIR,
        files=hold.files,
    )


def answers(port: int) -> bool:
    """Tell whether the web server serves the landing page."""
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _welcome(port: int, description: Mapping[str, Any]) -> str:
    lines = ["", f"Atender Incidents is ready: http://{HOST}:{port}/", ""]
    for tenant in description.get("tenants", ()):
        login = f"{tenant['admin_user']} / {tenant['admin_password']}"
        lines += [
            f"  {tenant['schema']}",
            f"    status page  http://{tenant['page']}/",
            f"    console      http://{tenant['console']}/admin/   {login}",
        ]
    return "\n".join([*lines, "", "Ctrl-C stops everything; the data stays."])
