"""The link in a page that takes its alerts with one click: signed, and good for a day."""

from datetime import timedelta

from django.core import signing

from alerts.models import Call
from atender.ids import ULID

SALT = "alerts.take"
GOOD_FOR = timedelta(hours=24)


def token_of(call: Call) -> str:
    return signing.dumps(call.pk, salt=SALT)


def find_call(token: str) -> Call | None:
    """Return the call whose link it is; None where it is none of ours. Raises Expired."""
    try:
        call_id = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except signing.SignatureExpired as error:
        raise Expired from error
    except signing.BadSignature:
        return None
    if not isinstance(call_id, str) or not ULID.fullmatch(call_id):
        return None
    return Call.objects.select_related("person", "escalation").filter(pk=call_id).first()


class Expired(Exception):
    """The link was good once."""
