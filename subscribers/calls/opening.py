"""An endpoint becomes somebody's: at the yes to the question, or as staff add it."""

from collections.abc import Mapping
from typing import Any

from subscribers.calls.signing import new_secret
from subscribers.models import BodyFormat, Channel, Endpoint, Subscriber


def open_endpoint(subscriber: Subscriber, asked: Mapping[str, Any]) -> None:
    """Note whose endpoint it is and in which shape it is told; a webhook gets its secret.

    What has an owner keeps the owner and the secret.
    """
    endpoint = Endpoint.objects.filter(pk=subscriber.pk).first()
    if endpoint is None:
        return
    endpoint.owner_email = endpoint.owner_email or asked.get("owner", "")
    endpoint.format = asked.get("format", BodyFormat.STANDARD)
    if subscriber.channel == Channel.WEBHOOK and not endpoint.secret:
        endpoint.secret = new_secret()
    endpoint.save(update_fields=["owner_email", "format", "secret"])
