"""A new secret by a button of a public page, where no session keeps what was shown."""

import uuid

from django.db import transaction

from atender.ids import ulid_text, ulid_uuid
from atender.limits.submissions import is_first
from subscribers.calls.endpoints import rotate_secret
from subscribers.models import Endpoint, Subscriber


@transaction.atomic
def secret_by_press(subscriber: Subscriber, press: str) -> str:
    """Return a new secret; of a second click, or a reload, the one that the first click made.

    A press counts for one subscriber: under that of another nothing is read that was there before.
    """
    if is_first(ulid_text(uuid.uuid5(ulid_uuid(press), subscriber.pk))):
        return rotate_secret(subscriber)
    return str(Endpoint.objects.get(pk=subscriber.pk).secret)
