"""What is said of an answer that could not be refreshed. Pure."""

from django.utils.translation import gettext_noop

DATABASE_AWAY = gettext_noop(
    "Showing the state of %(since)s: our database does not answer. "
    "What has changed since then is not here yet."
)
NOT_REFRESHED = gettext_noop(
    "Showing the state of %(since)s: this page could not be refreshed since."
)
STATE_OF = gettext_noop("State of %(since)s, not refreshed since")
NOT_KNOWN = gettext_noop("Not known at present")
# Beside a name, in a badge.
NOT_KNOWN_NOW = gettext_noop("not known at present")
TEXTS = (DATABASE_AWAY, NOT_REFRESHED, STATE_OF, NOT_KNOWN, NOT_KNOWN_NOW)
