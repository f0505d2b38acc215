"""The key of this installation, which everything that is signed or encrypted depends on."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError


class MissingSecret(ImproperlyConfigured, CommandError):
    """A process was started without what it must keep; a command says so in a sentence."""


def refuse_missing_secrets() -> None:
    """Raise `MissingSecret` where what is signed or encrypted now would be read by nobody later.

    A process without the operator's key has one of its own, which ends with it.
    """
    if not settings.HAS_OWN_SECRET_KEY:
        raise MissingSecret(
            "ATENDER_SECRET_KEY is not set. Set it to a random text of at least 50 characters "
            "and keep it: sessions, links in sent mails and stored passwords of other systems "
            "depend on it, and servers and commands need the same."
        )
