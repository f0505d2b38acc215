"""Gives an endpoint its owner: on their yes, or when staff add it."""

from collections.abc import Mapping
from typing import Any

from subscribers.calls.signing import new_secret
from subscribers.models import BodyFormat, Channel, Endpoint, Subscriber


def open_endpoint(subscriber: Subscriber, asked: Mapping[str, Any]) -> None:
    """Store an endpoint's owner and format; a webhook gets its secret.

    An endpoint that has an owner keeps both owner and secret.
    """
    endpoint = Endpoint.objects.filter(pk=subscriber.pk).first()
    if endpoint is None:
        return
    endpoint.owner_email = endpoint.owner_email or asked.get("owner", "")
    endpoint.format = asked.get("format", BodyFormat.STANDARD)
    if subscriber.channel == Channel.WEBHOOK and not endpoint.secret:
        endpoint.secret = new_secret()
    endpoint.save(update_fields=["owner_email", "format", "secret"])
