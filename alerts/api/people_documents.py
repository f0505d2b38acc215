"""Those whom alerts call, as the API shows them; and people as a body names them."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from alerts.models import (
    ContactMethod,
    EscalationPolicy,
    MethodMessage,
    NotificationGroup,
    Override,
    Purpose,
    Schedule,
)
from alerts.people.duty import on_duty
from atender.api.errors import Unprocessable
from atender.ids import ULID
from atender.staff.models import User


def people_named(words: Sequence[str], *, field: str) -> list[User]:
    """Find people by id or by the address of signing in; an unknown one is a 422."""
    found = []
    for word in words:
        known = User.objects.filter(is_active=True)
        by_id = known.filter(pk=word.upper()).first() if ULID.fullmatch(word) else None
        person = by_id or known.filter(email=word.strip().lower()).first()
        if person is None:
            raise Unprocessable(
                f"Nobody here is called '{word[:60]}'; people are named by the address with which "
                "they sign in, or by their id.",
                field,
            )
        found.append(person)
    return found


def method_document(method: ContactMethod) -> dict[str, Any]:
    return {
        "id": method.pk,
        "person_id": method.person_id,
        "kind": method.kind,
        "address": method.address,
        "after_s": method.after_s,
        "hears_recovery": method.hears_recovery,
        "verified_at": method.verified_at,
        "created_at": method.created_at,
    }


def message_document(message: MethodMessage) -> dict[str, Any]:
    return {
        "id": message.pk,
        "message": message.purpose,
        "state": message.state,
        "answer": message.answer,
        "asked_at": message.asked_at,
        "sent_at": message.sent_at,
        "expires_at": message.expires_at if message.purpose == Purpose.CODE else None,
    }


def group_document(group: NotificationGroup) -> dict[str, Any]:
    """Build a group's document; people and schedules should be fetched before."""
    return {
        "id": group.pk,
        "name": group.name,
        "people": sorted(person.pk for person in group.people.all()),
        "schedule_ids": sorted(schedule.pk for schedule in group.schedules.all()),
        "channel_ids": sorted(channel.pk for channel in group.channels.all()),
        "created_at": group.created_at,
    }


def schedule_document(schedule: Schedule) -> dict[str, Any]:
    """Build a schedule's document; members and overrides should be fetched before."""
    now = timezone.now()
    return {
        "id": schedule.pk,
        "name": schedule.name,
        "time_zone": schedule.time_zone,
        "starts_on": schedule.starts_on,
        "handover_at": f"{schedule.handover_at:%H:%M}",
        "people": [member.person_id for member in schedule.members.all()],
        "on_duty": on_duty(schedule, now),
        "overrides": [
            override_document(override)
            for override in schedule.overrides.all()
            if override.ends_at > now
        ],
        "created_at": schedule.created_at,
    }


def override_document(override: Override) -> dict[str, Any]:
    return {
        "id": override.pk,
        "person_id": override.person_id,
        "starts_at": override.starts_at,
        "ends_at": override.ends_at,
    }


def policy_document(policy: EscalationPolicy) -> dict[str, Any]:
    """Build a policy's document; its steps should be fetched before, with whom they call."""
    return {
        "id": policy.pk,
        "name": policy.name,
        "repeats": policy.repeats,
        "last_resort_group_id": policy.last_resort_id,
        "is_fallback": policy.is_fallback,
        "steps": [
            {
                "wait_s": step.wait_s,
                "people": sorted(person.pk for person in step.people.all()),
                "schedule_ids": sorted(schedule.pk for schedule in step.schedules.all()),
                "group_ids": sorted(group.pk for group in step.groups.all()),
            }
            for step in policy.steps.all()
        ],
        "created_at": policy.created_at,
    }
