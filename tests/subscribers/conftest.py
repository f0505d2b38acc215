from collections.abc import Iterator
from typing import Any

import pytest

from tests.smtp_sink import SmtpSink


@pytest.fixture
def sink(settings: Any) -> Iterator[SmtpSink]:
    """A real mail server that keeps what it takes; the product's mail goes there.

    Whoever is not answered in time writes again, so a busy machine gets all the time it may need.
    """
    with SmtpSink() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_TIMEOUT = 60
        yield running
