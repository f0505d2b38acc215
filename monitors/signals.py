"""What monitors announce, last and inside the transaction of the change."""

from django.dispatch import Signal

# Sent with `monitor: Monitor` and `at: datetime` once it is deleted.
monitor_deleted = Signal()
