"""The tool `status_subscribe`: only a real yes to the offer of updates enrols anybody."""

from collections.abc import Sequence
from typing import Any

from assist.confirmation import Confirmation
from assist.confirming import confirm
from assist.knowledge import Known, knowledge_of
from atender.actors import Actor
from atender.addresses import clean_address
from atender.refusals import Refused
from incidents.models import Page
from subscribers.people.enrolment import check_taken
from subscribers.people.vouching import enrol


class NotActive(Refused):
    """There is no such incident, or it is over."""


def status_subscribe(
    *,
    incident_id: str,
    email: str,
    reply: str,
    pages: Sequence[Page],
    by: Actor,
    language: str | None = None,
    address_proved: bool = False,
) -> dict[str, Any]:
    """Return `{"subscribed": …, "confirmation": …, "verification": …}`. Raises Refused.

    Unsure means not subscribed. An address that the channel did not prove is asked by mail, and
    nothing in the answer tells whether it was known before.
    """
    known, page = _place_of(incident_id, pages)
    address = clean_address(email)
    confirmation = confirm(reply, language=language, about=known.names)
    if confirmation != Confirmation.YES:
        return {"subscribed": False, "confirmation": confirmation.value, "verification": None}
    check_taken(page)
    enrolment = enrol(
        page,
        address=address,
        incident=known.incident,
        is_proved=address_proved,
        language=language,
        by=by,
    )
    return {
        "subscribed": True,
        "confirmation": confirmation.value,
        "verification": enrolment.proof.value,
    }


def _place_of(incident_id: str, pages: Sequence[Page]) -> tuple[Known, Page]:
    """An active incident and the page on which its updates are to be had."""
    known = knowledge_of(pages).known.get(incident_id.upper())
    page = next((page for page in pages if known and page.id == known.page_id), None)
    if known is None or page is None:
        raise NotActive(
            f"There is no active incident '{incident_id[:40]}'; take an id that status_check "
            "answered.",
            field="incident_id",
        )
    return known, page
