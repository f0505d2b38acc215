"""The record's words in the language that is being read.

The record itself knows no languages, so its words are marked for translation here. A test checks
that none is forgotten.
"""

from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop


class Named(Protocol):
    @property
    def label(self) -> str | Promise: ...


WORDS = (
    # Component states.
    gettext_noop("Operational"),
    gettext_noop("Maintenance"),
    gettext_noop("Degraded"),
    gettext_noop("Partial outage"),
    gettext_noop("Major outage"),
    # Severities.
    gettext_noop("Minor"),
    gettext_noop("Major"),
    gettext_noop("Critical"),
    # Statuses.
    gettext_noop("Investigating"),
    gettext_noop("Identified"),
    gettext_noop("Monitoring"),
    gettext_noop("Resolved"),
    gettext_noop("Scheduled"),
    gettext_noop("In progress"),
    gettext_noop("Verifying"),
    gettext_noop("Completed"),
    gettext_noop("Cancelled"),
)


def word_for(value: Named) -> str:
    """The word for a state, status or severity."""
    return gettext(str(value.label))
