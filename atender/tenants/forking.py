"""Database connections across a fork, which the queue's cluster makes for each worker.

A pool that a child inherits is the parent's: two workers would talk over one socket, read each
other's rows and work in each other's schema. The child starts with none.
"""

import os
from typing import Any

from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

# Held for the process's life: collecting them would close sockets that the parent still uses.
_inherited: list[Any] = []


def leave_connections_to_the_parent() -> None:
    pools: dict[str, Any] = DatabaseWrapper._connection_pools  # type: ignore[attr-defined]
    _inherited.append(dict(pools))
    pools.clear()
    for connection in connections.all(initialized_only=True):
        _inherited.append(connection.connection)
        connection.connection = None
        connection.search_path_set_schemas = None  # type: ignore[attr-defined]


def watch_forks() -> None:
    os.register_at_fork(after_in_child=leave_connections_to_the_parent)
