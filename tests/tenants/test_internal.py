"""For which names the proxy may get certificates, asked on an address of its own."""

import http.client
import threading
from collections.abc import Iterator
from http import HTTPStatus

import pytest
from django.test import Client

from atender.tenants.addresses import Address
from atender.tenants.directory import Directory
from atender.tenants.internal import PATH, InternalServer, answer
from atender.tenants.models import HostKind

NAME = "status.customer.example"
ADDRESSES = {
    host: Address(host, "acme", "1", "Acme", kind, page)
    for host, kind, page in (
        (NAME, HostKind.PAGE, "A" * 26),
        ("status.xn--bcher-kva.example", HostKind.PAGE, "A" * 26),
        ("acme.localhost", HostKind.CONSOLE, None),
    )
}


@pytest.mark.parametrize(
    "name", [NAME, NAME.upper(), f"{NAME}.", "status.xn--bcher-kva.example", "acme.localhost"]
)
def test_what_is_served_may_have_a_certificate(name: str) -> None:
    assert answer(f"{PATH}?domain={name}", ADDRESSES)[0] == HTTPStatus.OK


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (f"{PATH}?domain=nobody.example", 404),
        (f"{PATH}?domain=deep.{NAME}", 404),
        (f"{PATH}?domain=customer.example", 404),
        (f"{PATH}?domain={NAME}..", 404),
        (f"{PATH}?domain={NAME}%00", 404),
        (f"{PATH}?domain=*.customer.example", 404),
        (f"{PATH}?domain=%FF", 404),
        (f"{PATH}?domain=", 400),
        (f"{PATH}?domain={NAME}&domain=nobody.example", 400),
        (f"{PATH}?domain={NAME}&a=1&b=1&c=1&d=1&e=1", 400),
        (f"{PATH}?name={NAME}", 400),
        (PATH, 400),
        (f"{PATH}/?domain={NAME}", 404),
        (f"/?domain={NAME}", 404),
        (f"//x{PATH}?domain={NAME}", 404),
        (f"http://evil.example{PATH}?domain={NAME}", 404),
    ],
)
def test_all_else_is_refused(target: str, status: int) -> None:
    assert answer(target, ADDRESSES)[0] == status


@pytest.fixture
def asked() -> Iterator[http.client.HTTPConnection]:
    directory = Directory()
    directory.addresses = ADDRESSES
    with InternalServer("127.0.0.1", 0, directory) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=30)
        yield connection
        connection.close()
        server.shutdown()
        thread.join(10)


def test_one_connection_takes_many_questions(asked: http.client.HTTPConnection) -> None:
    for name, method, status in (
        (NAME, "GET", 200),
        ("nobody.example", "GET", 404),
        (NAME, "HEAD", 200),
        (NAME, "GET", 200),
        ("a" * 2000, "GET", 400),
    ):
        asked.request(method, f"{PATH}?domain={name}")
        said = asked.getresponse()
        body = said.read()
        assert said.status == status
        assert said.headers["Cache-Control"] == "no-store"
        assert bool(body) == (method == "GET")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "BREW"])
def test_it_is_only_asked(asked: http.client.HTTPConnection, method: str) -> None:
    asked.request(method, f"{PATH}?domain={NAME}")
    assert asked.getresponse().status == 501


@pytest.mark.parametrize(
    "host",
    ["status.acme.localhost", "acme.localhost", "127.0.0.1", "localhost", "nobody.example"],
)
@pytest.mark.usefixtures("acme")
def test_the_public_port_knows_no_such_address(host: str) -> None:
    forged = {
        "X-Forwarded-Host": "127.0.0.1:8010",
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-Port": "8010",
        "X-Forwarded-Proto": "http",
        "Forwarded": "for=127.0.0.1;host=localhost",
        "X-Original-URL": f"{PATH}?domain=acme.localhost",
        "X-Rewrite-URL": PATH,
    }
    for path in (PATH, f"{PATH}/", "/internal/", f"/{PATH}", "/internal/../internal/tls-ask"):
        answered = Client(HTTP_HOST=host, headers=forged).get(f"{path}?domain=acme.localhost")
        assert answered.status_code == 404, path
