import socket
from collections.abc import Iterator

import pytest

from atender.supervisor.port import HOST, PortTrouble, free_port, refuse_taken, wanted_port


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server((HOST, 0)) as server:
        yield server.getsockname()[1]


def test_port_comes_from_the_environment() -> None:
    assert wanted_port({"PORT": "8123"}) == 8123
    assert wanted_port({}) == wanted_port({"PORT": ""}) == 8000


@pytest.mark.parametrize("given", ["eighty", "0", "65536", "-1", "80.0", "٨٠"])
def test_what_is_no_port_is_refused(given: str) -> None:
    with pytest.raises(
        PortTrouble, match=f"PORT is '{given}'; it must be a number from 1 to 65535"
    ):
        wanted_port({"PORT": given})


def test_free_port_is_accepted() -> None:
    refuse_taken(free_port())


def test_taken_port_is_refused_with_a_way_out(taken: int) -> None:
    with pytest.raises(PortTrouble, match=f"Port {taken} is taken .* choose another port: PORT="):
        refuse_taken(taken)


def test_port_taken_on_all_addresses_is_refused() -> None:
    with socket.create_server(("0.0.0.0", 0)) as everywhere, pytest.raises(PortTrouble):
        refuse_taken(everywhere.getsockname()[1])


def test_port_whose_last_connection_fades_away_is_free(taken: int) -> None:
    port = free_port()
    with socket.create_server((HOST, port)) as server:
        client = socket.create_connection((HOST, port))
        accepted, _ = server.accept()
        # The side that closes first keeps the address busy for a while.
        accepted.close()
        client.close()
    refuse_taken(port)
