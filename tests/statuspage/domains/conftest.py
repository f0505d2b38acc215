from collections.abc import Iterator
from typing import Any

import pytest

from tests.dns_server import NameServer, answering


@pytest.fixture
def name_server(settings: Any) -> Iterator[NameServer]:
    """The one that the product asks."""
    with answering() as server:
        settings.DNS_RESOLVERS = [server.address]
        yield server
