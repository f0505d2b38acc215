"""The documented Caddyfile in the real Caddy: certificates for what is served, and no others."""

import http.client
import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.dns_server import NameServer, answering
from tests.edge.serving import ACME, CONSOLE, ROOT, Installation, Web, frozen, until
from tests.ports import free_port

CADDYFILE = ROOT / "docs" / "Caddyfile"
TLS_ASK = "/internal/tls-ask"
# X509_V_ERR_CERT_NOT_YET_VALID
NOT_YET_VALID = 9
FORM = "application/x-www-form-urlencoded"
# Ten of them take longer than there is patience for one.
PIECES_EVERY_S = 4.8
# Longer than the web process has patience, and than the slow sender takes.
READ_BODY_S = 60


@dataclass
class Site:
    """Caddy in front of a web server that looks for proofs at a name server of the tests'."""

    installation: Installation
    web: Web
    name_server: NameServer
    ask_port: int
    https_port: int
    root: Path

    def add(self, name: str) -> dict[str, Any]:
        page = self.installation.tenants["acme"]["page"]
        path = f"/status-pages/{page}/domains"
        added: dict[str, Any] = self.installation.post(self.web, path, name=name)
        return {**added, "path": f"{path}/{added['id']}"}

    def verify(self, name: str) -> dict[str, Any]:
        domain = self.add(name)
        record = domain["records"][0]
        self.name_server.texts[record["name"]] = [f'"{record["value"]}"']
        check = f"{domain['path']}/check"
        # A worker of the queue may look too, and a second look waits for some seconds.
        until(lambda: self.installation.post(self.web, check)["state"] == "verified")
        until(lambda: self.all_say(name, 200))
        return domain

    def remove(self, domain: dict[str, Any]) -> None:
        key = self.installation.tenants["acme"]["key"]
        headers = {"Authorization": f"Bearer {key}"}
        path = f"/api/v1{domain['path']}"
        assert self.web.ask("DELETE", path, host="acme.localhost", headers=headers).status == 204
        until(lambda: self.all_say(domain["name"], 404))

    def all_say(self, name: str, status: int) -> bool:
        """Whether each worker says so; which one is asked is chance."""
        return all(self.asked(name) == status for _ in range(16))

    def asked(self, name: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.ask_port, timeout=60)
        try:
            connection.request("GET", f"{TLS_ASK}?domain={name}")
            return connection.getresponse().status
        finally:
            connection.close()

    def visit(self, name: str, path: str = "/", **headers: str) -> tuple[int, str]:
        """As a browser does; raises SSLError where the handshake is refused."""
        while True:
            try:
                return self._visit(name, path, **headers)
            except ssl.SSLCertVerificationError as error:
                # Made this very second, by a clock some milliseconds ahead of the one that judges.
                if error.verify_code != NOT_YET_VALID:
                    raise

    def _visit(self, name: str, path: str, **headers: str) -> tuple[int, str]:
        trusting = ssl.create_default_context(cafile=str(self.root))
        with (
            socket.create_connection(("127.0.0.1", self.https_port), timeout=60) as plain,
            trusting.wrap_socket(plain, server_hostname=name) as link,
        ):
            said = "".join(f"{n}: {value}\r\n" for n, value in headers.items())
            head = f"GET {path} HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n{said}\r\n"
            link.sendall(head.encode())
            answer = http.client.HTTPResponse(link)
            answer.begin()
            return answer.status, answer.read().decode()

    def send(
        self,
        pieces: list[bytes],
        length: int,
        name: str = CONSOLE,
        path: str = "/admin/login/",
        **headers: str,
    ) -> int:
        """Send a form in so many pieces, one every few seconds, until there is an answer."""
        trusting = ssl.create_default_context(cafile=str(self.root))
        said = {"Host": name, "Content-Type": FORM, "Content-Length": str(length), **headers}
        head = "".join(f"{n}: {value}\r\n" for n, value in said.items())
        with (
            socket.create_connection(("127.0.0.1", self.https_port), timeout=120) as plain,
            trusting.wrap_socket(plain, server_hostname=name) as link,
        ):
            link.sendall(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode())
            link.settimeout(PIECES_EVERY_S)
            for piece in pieces:
                link.sendall(piece)
                with suppress(TimeoutError):
                    return int(link.recv(65536).split()[1])
            link.settimeout(2 * READ_BODY_S)
            return int(link.recv(65536).split()[1])


@pytest.fixture(scope="module")
def site(installation: Installation) -> Iterator[Site]:
    if not shutil.which("caddy"):
        if os.environ.get("ATENDER_CADDY_TESTS") == "required":
            pytest.fail("Caddy is not installed, and its tests are required.")
        pytest.skip("Caddy is not installed")
    ask_port, https_port = free_port(), free_port()
    home = installation.home / "caddy"
    home.mkdir(exist_ok=True)
    more = {"ATENDER_INTERNAL_PORT": str(ask_port), "ATENDER_BEHIND_PROXY": "1"}
    with answering() as name_server:
        more["ATENDER_DNS_RESOLVERS"] = name_server.address
        with installation.serving(workers=2, **more) as web:
            configuration = home / "Caddyfile"
            configuration.write_text(configured(home, web.port, ask_port, https_port))
            caddy = subprocess.Popen(
                ["caddy", "run", "--config", str(configuration), "--adapter", "caddyfile"],
                env={**os.environ, "HOME": str(home)},
                stderr=subprocess.DEVNULL,
            )
            try:
                root = home / "pki" / "authorities" / "local" / "root.crt"
                until(lambda: root.exists() and is_open(https_port), 120)
                yield Site(installation, web, name_server, ask_port, https_port, root)
            finally:
                caddy.terminate()
                caddy.wait(120)


def configured(home: Path, web_port: int, ask_port: int, https_port: int) -> str:
    """The documented file on ports of the test's own, with Caddy's own authority."""
    ours = [
        "admin off",
        "local_certs",
        "skip_install_trust",
        "default_bind 127.0.0.1",
        f"storage file_system {home}",
        f"http_port {free_port()}",
        f"https_port {https_port}",
    ]
    text = CADDYFILE.read_text()
    for documented, changed in (
        ("\temail operator@example.com\n", "".join(f"\t{line}\n" for line in ours)),
        ("read_body 30m", f"read_body {READ_BODY_S}s"),
        ("127.0.0.1:8010", f"127.0.0.1:{ask_port}"),
        ("reverse_proxy 127.0.0.1:8000", f"reverse_proxy 127.0.0.1:{web_port}"),
    ):
        assert text.count(documented) == 1, documented
        text = text.replace(documented, changed)
    return text


def is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def test_a_verified_domain_is_served_over_https_and_an_unverified_one_gets_no_handshake(
    site: Site,
) -> None:
    site.add("waiting.customer.example")
    for name in ("waiting.customer.example", "nobody.example", "deep.status.customer.example"):
        assert site.asked(name) == 404
        with pytest.raises(ssl.SSLError):
            site.visit(name)

    domain = site.verify("status.customer.example")
    status, text = site.visit("status.customer.example")
    assert status == 200
    assert "Acme" in text
    assert site.visit("acme.localhost", "/admin/login/")[0] == 200

    # Caddy shows a certificate that it has for as long as that lasts; behind it is nothing.
    site.remove(domain)
    until(lambda: site.visit("status.customer.example")[0] == 404)
    # One that was never visited gets none.
    site.remove(site.verify("brief.customer.example"))
    with pytest.raises(ssl.SSLError):
        site.visit("brief.customer.example")


def test_what_is_asked_inside_is_not_to_be_asked_from_outside(site: Site) -> None:
    name = "status.acme.localhost"
    forged = {"X-Forwarded-Host": "127.0.0.1", "X-Forwarded-For": "127.0.0.1"}
    for path in (TLS_ASK, "/internal/", "/Internal/tls-ask", "//internal/tls-ask"):
        assert site.visit(name, f"{path}?domain={name}", **forged)[0] == 404
        assert site.web.get(f"{path}?domain={name}", name, **forged).status == 404
    # The port for asking serves no page, whatever the Host header says.
    asking = Web(site.ask_port, site.web.process)
    for host in (name, "acme.localhost"):
        assert asking.get("/", host).status == 404
        assert asking.get("/admin/login/", host).status == 404


def test_a_visitor_has_one_address_whatever_else_is_claimed(site: Site) -> None:
    """X_Forwarded_For is a header of its own to Caddy, and X-Forwarded-For to Django."""
    site.installation.forget_who_asked()
    form = b"email=eve@example.com"
    counted = []
    with psycopg.connect(site.installation.postgres.url, autocommit=True) as link:
        for claimed in ("192.0.2.1", "198.51.100.1"):
            assert site.send([form], len(form), ACME, "/subscribe", X_Forwarded_For=claimed) == 200
            counted += link.execute("SELECT count(*) FROM acme.limits_bucket").fetchall()
    assert counted[0] == counted[1] > (0,)


def test_who_sends_too_little_is_told_so_and_who_sends_slowly_is_taken(site: Site) -> None:
    with ThreadPoolExecutor() as senders:
        silent, dribbling, slow = (
            senders.submit(site.send, *pieces)
            for pieces in [
                ([b"a=b"], 1000),
                ([b"a"] * 100, 1000),
                ([b"a" * 12_000] * 10, 120_000),
            ]
        )
        assert (silent.result(), dribbling.result()) == (408, 408)
        # Without a token of the form, which is as good an answer as any.
        assert slow.result() == 403


def test_certificates_are_to_be_had_while_the_database_is_away(site: Site) -> None:
    with frozen(site.installation.postgres):
        for _ in range(10):
            assert site.asked("status.globex.localhost") == 200
            assert site.asked("nobody.example") == 404
    site.installation.postgres.stop()
    try:
        port = free_port()
        with site.installation.serving(ATENDER_INTERNAL_PORT=str(port)) as web:
            started = Site(site.installation, web, site.name_server, port, 0, site.root)
            assert started.asked("status.globex.localhost") == 200
            assert started.asked("nobody.example") == 404
    finally:
        site.installation.postgres.start()
