"""The link that shares a receipt: signed, switched on by staff, and off for good.

A token is `<key id>.<incident>.<version>.<mac>`; `atender.link_keys` makes the mac.
"""

import re
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from assist.models import Receipt
from assist.receipts.drawing import draw_up, lock
from atender.actors import Actor
from atender.ids import ULID
from atender.link_keys import KEY_ID, MAC, is_mac, mac_of, newest_key
from atender.refusals import Refused
from atender.tenants.links import page_url
from incidents.models import Incident
from incidents.recording import record

SHAPE = re.compile(rf"{KEY_ID}\.([0-9A-Z]{{26}})\.([0-9]{{1,6}})\.{MAC}")
PURPOSE = "receipt"


@transaction.atomic
def share(incident: Incident, *, by: Actor, at: datetime | None = None) -> Receipt:
    """Switch the link on. Idempotent. Raises Refused."""
    at = at or timezone.now()
    incident = lock(incident)
    if not incident.publications.exists():
        raise Refused("An internal incident has no receipt to share; publish it first.")
    receipt = Receipt.objects.select_for_update().filter(incident=incident).first()
    if receipt is None or receipt.figures is None:
        receipt = draw_up(incident, at=at)
    if not receipt.is_shared:
        receipt.is_shared = True
        receipt.save(update_fields=["is_shared"])
        record("receipt.shared", incident.pk, by=by, at=at)
    return receipt


@transaction.atomic
def stop_sharing(incident: Incident, *, by: Actor, at: datetime | None = None) -> None:
    """Switch the link off for good; sharing again makes another. Idempotent."""
    receipt = Receipt.objects.select_for_update().filter(incident=incident, is_shared=True).first()
    if receipt is not None:
        receipt.is_shared = False
        receipt.version += 1
        receipt.save(update_fields=["is_shared", "version"])
        record("receipt.unshared", incident.pk, by=by, at=at or timezone.now())


def link_of(receipt: Receipt) -> str:
    """The address on the first page that shows the incident, "" where none does any more."""
    pages = receipt.incident.pages.order_by("-is_default", "name")
    page = pages.first()
    return page_url(page.pk, f"/receipts/{token_of(receipt)}") if page and receipt.is_shared else ""


def token_of(receipt: Receipt) -> str:
    key_id = newest_key()
    mac = mac_of(key_id, PURPOSE, receipt.incident_id, receipt.version)
    return f"{key_id}.{receipt.incident_id}.{receipt.version}.{mac}"


def find_receipt(token: str, *, page_id: str) -> Receipt | None:
    """The shared receipt that the token opens, of an incident that this page shows; else None."""
    parts = SHAPE.fullmatch(token)
    if parts is None or not ULID.fullmatch(parts[2]):
        return None
    key_id, incident_id, number, mac = parts.groups()
    version = int(number)
    if not is_mac(mac, key_id, PURPOSE, incident_id, version):
        return None
    shared = Receipt.objects.filter(is_shared=True, version=version, figures__isnull=False)
    shown = shared.filter(incident__publications__page=page_id, incident__deleted_at=None)
    return shown.select_related("incident").filter(incident=incident_id).first()
