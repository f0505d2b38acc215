"""Reports what apps below the audit log do, so that it can be kept there.

`noted` is sent inside the transaction of the change with `action`, `subject_id`, `by`, `at` and
`details`; whoever keeps the log INSERTs a row.
"""

from datetime import datetime
from typing import Any

from django.dispatch import Signal
from django.utils import timezone

from atender.actors import Actor

noted = Signal()


def note(
    action: str, subject_id: str, *, by: Actor, at: datetime | None = None, **details: Any
) -> None:
    """Report that something was done; `details` must hold no address."""
    noted.send(
        None,
        action=action,
        subject_id=subject_id,
        by=by,
        at=at or timezone.now(),
        details=details,
    )
