from typing import Any

from django_q.management.commands import qcluster

from atender.startup import refuse_missing_secrets


class Command(qcluster.Command):
    """The queue's own workers, which like every server refuse to run without the operator's key."""

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_missing_secrets()
        super().handle(*args, **options)
