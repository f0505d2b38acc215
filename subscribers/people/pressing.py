"""A new secret from a button on a public page, without a session to remember it in."""

import uuid

from django.db import transaction

from atender.ids import ulid_text, ulid_uuid
from atender.limits.submissions import is_first
from subscribers.models import Endpoint, Subscriber
from subscribers.people.endpoints import rotate_secret


@transaction.atomic
def secret_by_press(subscriber: Subscriber, press: str) -> str:
    """Return a new secret; a second click or a reload gets the same one.

    A press belongs to one subscriber: nobody reads a secret with another's press.
    """
    if is_first(ulid_text(uuid.uuid5(ulid_uuid(press), subscriber.pk))):
        return rotate_secret(subscriber)
    return str(Endpoint.objects.get(pk=subscriber.pk).secret)
