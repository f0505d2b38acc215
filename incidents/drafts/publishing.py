"""Scheduled drafts: published as their author, or kept with the reason why not."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from atender.actors import SCHEDULE, Actor, ActorKind
from atender.api.keys import live_keys
from atender.api.models import ApiKey
from atender.outbound.letters import post
from atender.refusals import Refused
from atender.roles import Ability, may
from atender.staff.models import User
from atender.staff.zones import with_zones
from atender.tenants.links import console_url, tenant_name
from incidents.drafts.keeping import forget, moved_since, note
from incidents.drafts.speaking import speak
from incidents.models import Draft, Incident
from incidents.texts.wording import shortened

log = logging.getLogger(__name__)

# A text meant for a certain moment is no longer true long after it.
LATEST = timedelta(hours=1)


@transaction.atomic
def publish_draft(draft_id: str, *, now: datetime) -> datetime | None:
    """Publish a draft whose time has come; returns when to look again, None when it is done.

    Posting and forgetting the draft are one transaction, and the draft's id is its submission's:
    a worker killed at any moment leaves either the draft or what it said, never a second one.
    """
    draft = Draft.objects.select_for_update().filter(pk=draft_id).first()
    if draft is None or draft.publish_at is None or draft.publish_at > now:
        return draft.publish_at if draft else None
    try:
        with transaction.atomic():
            _check_in_time(draft, now)
            _check_incident(draft)
            _check_author(draft)
            speak(draft, at=now)
            forget(draft)
    except Refused as refusal:
        _keep(draft, refusal.sentence, now)
    return None


@transaction.atomic
def publish_now(draft: Draft, *, by: Actor) -> Incident:
    """Publish a draft now, as the person who asks for it; returns its incident.

    Raises Refused, and leaves the draft as it is then.
    """
    now = timezone.now()
    draft.by_kind, draft.by_id, draft.by_name = by.kind, by.id, by.name[:120]
    said = speak(draft, at=now)
    forget(draft)
    return said if isinstance(said, Incident) else said.incident


def _check_in_time(draft: Draft, now: datetime) -> None:
    assert draft.publish_at is not None
    if now - draft.publish_at > LATEST:
        raise Refused(
            "Nothing could be published at its time, and by now it is more than an hour late; look "
            "whether it still holds."
        )


def _check_incident(draft: Draft) -> None:
    """Hold the incident, which may be deleted or taken back by now."""
    if draft.incident_id is None:
        return
    held = Incident.objects.select_for_update(of=("self",), no_key=True).get(pk=draft.incident_id)
    if held.deleted_at:
        raise Refused("Its incident was deleted.")


def author_of(draft: Draft) -> User | ApiKey | None:
    """Return the person or key that chose the time, if it still has access."""
    if draft.by_kind == ActorKind.PERSON:
        return User.objects.active().filter(pk=draft.by_id).first()
    return live_keys().filter(pk=draft.by_id).first()


def _check_author(draft: Draft) -> None:
    author, needed = author_of(draft), ability_for(draft)
    if author is None:
        raise Refused(f"{draft.by_name or 'Its author'} has no access any more.")
    if not may(author, needed):
        raise Refused(f"{draft.by_name} may not {needed.label} any more.")


def ability_for(draft: Draft) -> Ability:
    """Return the ability that posting the draft needs."""
    if draft.incident_id:
        return Ability.POST_UPDATE
    return Ability.PUBLISH if draft.page_ids else Ability.DRAFT


def _keep(draft: Draft, sentence: str, now: datetime) -> None:
    """Leave the draft with the reason, and tell its author, or the admins where there is none."""
    log.info("draft %s was not published: %s", draft.id, sentence)
    was_due_at = draft.publish_at
    assert was_due_at is not None
    draft.refusal = " ".join([sentence, *_what_moved(draft)])
    draft.refused_at, draft.publish_at = now, None
    draft.version += 1
    draft.save()
    note(draft, "draft.refused", by=SCHEDULE, at=now)
    _tell(draft, was_due_at)


def _what_moved(draft: Draft) -> list[str]:
    steps = [update for update in moved_since(draft) if update.is_transition]
    return [
        f"{update.by_name or update.get_by_kind_display()} posted “{update.get_status_display()}” "
        f"at {update.posted_at.astimezone(UTC):%H:%M} UTC."
        for update in steps[-1:]
    ]


def _tell(draft: Draft, was_due_at: datetime) -> None:
    about = draft.incident.title if draft.incident else draft.title or "a new incident"
    at_incident = f"/admin/incidents/incident/{draft.incident_id}/change/"
    context = {
        "draft": draft,
        "about": about,
        "was_due_at": was_due_at,
        "link": console_url(at_incident if draft.incident_id else "/admin/"),
        "tenant": tenant_name(),
    }
    for person, zone in with_zones(told_for(draft)):
        with timezone.override(zone):
            text = render_to_string("incidents/mail/not_published.txt", context)
        post(person.email, subject=f"Not published: {shortened(about)}", text=text)


def told_for(draft: Draft) -> Sequence[User]:
    """The author; for a key the person who made it; else the admins."""
    author = author_of(draft)
    if isinstance(author, ApiKey):
        made_by = [author.created_by_id] if author.created_by_id else []
        author = User.objects.active().filter(pk__in=made_by).first()
    return [author] if isinstance(author, User) else list(User.objects.admins())
