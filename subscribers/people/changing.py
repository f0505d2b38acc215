"""Changes by staff and programs on a subscriber's behalf."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from atender.actors import Actor
from atender.meanwhile import check_seen, digest_of, ids_of
from atender.refusals import Conflict
from incidents.recording import record
from subscribers.models import Subscriber
from subscribers.people.asked import Asked, read_asked
from subscribers.people.enrolment import choose_scopes, lock


class NotActive(Conflict):
    """The subscriber gets no mails, so there is nothing to choose."""


@transaction.atomic
def change_subscriber(
    subscriber: Subscriber,
    *,
    by: Actor,
    component_ids: Sequence[str] | None = None,
    incident_ids: Sequence[str] | None = None,
    kinds: str | None = None,
    language: str | None = None,
    only_latest: bool | None = None,
    seen: str | None = None,
    at: datetime | None = None,
) -> Subscriber:
    """Change what an active subscriber hears of; None leaves a field as it is.

    Nobody who left is brought back: that is theirs to do. `seen` is what its author saw of it, by
    `seen_of`. Raises Refused, NotActive, and ChangedMeanwhile.
    """
    at = at or timezone.now()
    subscriber = lock(subscriber)
    if not subscriber.is_active:
        raise NotActive(
            f"This subscriber is {subscriber.get_state_display()}; only active ones are changed."
        )
    asked = _asked(subscriber, component_ids, incident_ids)
    kinds = kinds or subscriber.kinds
    wanted = {
        "kinds": kinds,
        "language": language or subscriber.language,
        "only_latest": subscriber.wants_only_latest if only_latest is None else only_latest,
    }
    if asked is not None:
        wanted |= {
            "everything": asked.is_everything,
            "components": ids_of(asked.components),
            "incidents": ids_of(asked.incidents),
        }
    check_seen(subscriber, wanted, facts=_facts, told=_told, seen=seen)
    changed = choose_scopes(
        subscriber,
        asked=asked,
        kinds=kinds,
        language=language or "",
        only_latest=only_latest,
        at=at,
    )
    record("subscriber.changed", subscriber.id, by=by, at=at)
    return changed


def _asked(
    subscriber: Subscriber, component_ids: Sequence[str] | None, incident_ids: Sequence[str] | None
) -> Asked | None:
    """What it is to hear of; None where neither is given, since everything may stand beside both.

    Raises Refused.
    """
    if component_ids is None and incident_ids is None:
        return None
    scopes = list(subscriber.scopes.all())
    if component_ids is None:
        component_ids = [scope.component_id for scope in scopes if scope.component_id]
    if incident_ids is None:
        incident_ids = [scope.incident_id for scope in scopes if scope.incident_id]
    return read_asked(subscriber.page, component_ids=component_ids, incident_ids=incident_ids)


def seen_of(subscriber: Subscriber) -> str:
    """Return the digest that says, to `change_subscriber`, what was seen that it hears of."""
    return digest_of(_facts(subscriber))


def _facts(subscriber: Subscriber) -> dict[str, Any]:
    scopes = list(subscriber.scopes.all())
    return {
        "everything": any(scope.is_everything for scope in scopes),
        "components": sorted(scope.component_id for scope in scopes if scope.component_id),
        "incidents": sorted(scope.incident_id for scope in scopes if scope.incident_id),
        "kinds": subscriber.kinds,
        "language": subscriber.language,
        "only_latest": subscriber.wants_only_latest,
    }


def _told(subscriber: Subscriber) -> str:
    scopes = subscriber.scopes.select_related("component", "incident")
    language = dict(settings.LANGUAGES).get(subscriber.language, subscriber.language)
    return (
        f"It hears of {', '.join(map(str, scopes))} ({subscriber.get_kinds_display()}) in "
        f"{language}, {'without' if subscriber.wants_only_latest else 'with'} what a resolution "
        "overtook."
    )
