from collections.abc import Iterator

import pytest

from tests.edge.serving import Installation, Web, installed


@pytest.fixture(scope="session")
def installation() -> Iterator[Installation]:
    with installed() as installation:
        yield installation


@pytest.fixture(scope="module")
def web(installation: Installation) -> Iterator[Web]:
    with installation.serving() as web:
        yield web
