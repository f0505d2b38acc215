from typing import Any

from django.db import connection
from django_q.management.commands import qcluster

from atender.own_key import refuse_missing_secrets


class Command(qcluster.Command):
    """The queue's own workers, which like every server refuse to run without the operator's key."""

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_missing_secrets()
        # The processes forked from here ask each connection whether it lives before a task gets it:
        # the first task after an outage would fail otherwise, and wait for its lease.
        connection.settings_dict["CONN_HEALTH_CHECKS"] = True
        super().handle(*args, **options)
