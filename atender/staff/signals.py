"""What is announced about staff.

`letter_written(to, subject, text)`: sent inside the transaction of its cause, for whoever posts it.
"""

from django.dispatch import Signal

letter_written = Signal()
