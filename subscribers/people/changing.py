"""What a subscriber hears of, chosen by itself, or by staff and programs on its behalf."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from atender.actors import Actor
from atender.meanwhile import check_seen, digest_of, ids_of
from atender.refusals import Conflict, Refused
from incidents.recording import record
from subscribers.models import Subscriber, SubscriberState
from subscribers.people.asked import Asked, check_kinds, known_language, read_asked
from subscribers.people.enrolment import activate, add_scopes, lock
from subscribers.people.followers import drop_scopes

ENDED = (SubscriberState.UNSUBSCRIBED, SubscriberState.DISABLED)


class NotActive(Conflict):
    """The subscriber gets no mails, so there is nothing to choose."""


@transaction.atomic
def choose_scopes(
    subscriber: Subscriber,
    *,
    asked: Asked | None,
    kinds: str,
    language: str = "",
    only_latest: bool | None = None,
    seen: str | None = None,
    at: datetime | None = None,
) -> Subscriber:
    """Subscribe to exactly this from now on, also after having left.

    An empty `language` leaves it as it is, and so do `asked` None and `only_latest` None: whether
    to skip what a resolution overtook before it was sent. `seen` is what its author saw of it, by
    `seen_of`. Raises Refused, ChangedMeanwhile, and Gone.
    """
    check_kinds(kinds)
    language = known_language(language) if language else ""
    subscriber = lock(subscriber)
    language = language or subscriber.language
    if subscriber.verified_at is None:
        raise Refused(_("This address was never confirmed; subscribe on the status page."))
    if only_latest is None:
        only_latest = subscriber.wants_only_latest
    wanted = {"has_left": False, **_wanted(asked, kinds, language, only_latest)}
    check_seen(subscriber, wanted, facts=_facts, told=_told, seen=seen)
    subscriber.kinds, subscriber.language = kinds, language
    subscriber.wants_only_latest = only_latest
    activate(subscriber, at=at or timezone.now())
    if asked is not None:
        drop_scopes(subscriber.scopes.exclude(_named_in(asked)))
        add_scopes(subscriber, asked)
    return subscriber


def _named_in(asked: Asked) -> Q:
    if asked.is_everything:
        return Q(component=None, incident=None)
    return Q(component__in=asked.components) | Q(incident__in=asked.incidents)


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
    changed = choose_scopes(
        subscriber,
        asked=asked,
        kinds=kinds or subscriber.kinds,
        language=language or "",
        only_latest=only_latest,
        seen=seen,
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
    hears_all = any(scope.is_everything for scope in scopes)
    components: Sequence[str] = [s.component_id for s in scopes if s.component_id]
    incidents: Sequence[str] = [s.incident_id for s in scopes if s.incident_id]
    if incident_ids is None:
        _check_alone("component_ids", component_ids, "incident_ids", incidents, hears_all)
    if component_ids is None:
        _check_alone("incident_ids", incident_ids, "component_ids", components, hears_all)
    return read_asked(
        subscriber.page,
        component_ids=components if component_ids is None else component_ids,
        incident_ids=incidents if incident_ids is None else incident_ids,
    )


def _check_alone(
    field: str, given: Sequence[str] | None, other: str, left: Sequence[str], hears_all: bool
) -> None:
    """Refuse an empty list alone that would mean everything, or no longer everything."""
    if not given and hears_all == bool(left):
        would = "leave only what is in" if left else "leave nothing in"
        raise Refused(
            f"An empty {field} alone would {would} {other}; send {other} as well. Two empty lists "
            "mean everything.",
            field=field,
        )


def seen_of(subscriber: Subscriber) -> str:
    """Return the digest that says, to the verbs, what was seen that it hears of."""
    return digest_of(_facts(subscriber))


def _wanted(asked: Asked | None, kinds: str, language: str, only_latest: bool) -> dict[str, Any]:
    """What is asked for, as the facts would be afterwards."""
    wanted: dict[str, Any] = {"kinds": kinds, "language": language, "only_latest": only_latest}
    if asked is None:
        return wanted
    return {
        **wanted,
        "everything": asked.is_everything,
        "components": ids_of(asked.components),
        "incidents": ids_of(asked.incidents),
    }


def _facts(subscriber: Subscriber) -> dict[str, Any]:
    scopes = list(subscriber.scopes.all())
    return {
        # Of itself, or since it was switched off: whoever saves does not begin it again unasked.
        "has_left": subscriber.state in ENDED,
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
