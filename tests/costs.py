"""How many queries a request costs, without those that a process asks by its own clock."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

# The directory of hosts is read once a second, whoever asks.
ASIDES = ("search_path", "is_suspended")


def queries_of(client: Client, path: str, **headers: str) -> int:
    """Ask twice, and count what the second time costs."""
    client.get(path, headers=headers)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path, headers=headers).status_code == 200
    return len([q for q in captured if not any(aside in q["sql"] for aside in ASIDES)])
