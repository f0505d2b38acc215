"""The verbs of follow-up actions: noted, changed, done."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict
from django.utils import timezone

from atender.actors import Actor, acted_by
from atender.locking import locked
from atender.refusals import Refused
from atender.staff.models import User
from atender.texts import clean_line
from incidents.afterwards.post_mortems import announce_if_published, lock_post_mortem
from incidents.models import FollowUp, PostMortem
from incidents.models.post_mortems import FOLLOW_UP_LENGTH, OWNER_LENGTH
from incidents.recording import record
from incidents.years import FIRST, LAST


@transaction.atomic
def add_follow_up(
    post_mortem: PostMortem,
    title: str,
    *,
    by: Actor,
    owner: User | str = "",
    due_date: date | None = None,
    is_public: bool = True,
    at: datetime | None = None,
) -> FollowUp:
    """Note what is to be done; `owner` is a person of the staff or the name of anybody else.

    An open follow-up with the same words is returned as it is: a second click adds nothing.
    """
    at = at or timezone.now()
    post_mortem = lock_post_mortem(post_mortem)
    follow_up = FollowUp(post_mortem=post_mortem, created_at=at, **acted_by(by))
    _fill(follow_up, title=title, owner=owner, due_date=due_date, is_public=is_public)
    if noted := _same(follow_up):
        return noted
    follow_up.save()
    record("follow_up.added", post_mortem.incident_id, by=by, at=at, title=follow_up.title)
    announce_if_published(post_mortem, by=by, at=at)
    return follow_up


@transaction.atomic
def change_follow_up(
    follow_up: FollowUp, *, by: Actor, at: datetime | None = None, **changes: Any
) -> FollowUp:
    """Change what it says, whose it is or whether it is done.

    `changes`: title, owner, due_date, is_public, is_done.
    """
    at = at or timezone.now()
    post_mortem = lock_post_mortem(follow_up.post_mortem)
    follow_up = locked(post_mortem.follow_ups.all(), follow_up)
    before = model_to_dict(follow_up)
    was_done = follow_up.done_at is not None
    is_done = changes.pop("is_done", was_done)
    if is_done != was_done:
        follow_up.done_at = at if is_done else None
    _fill(follow_up, **changes)
    if model_to_dict(follow_up) == before:
        return follow_up
    follow_up.save()
    done = {True: "follow_up.completed", False: "follow_up.reopened"}
    action = done[is_done] if is_done != was_done else "follow_up.changed"
    record(action, post_mortem.incident_id, by=by, at=at, title=follow_up.title)
    announce_if_published(post_mortem, by=by, at=at)
    return follow_up


@transaction.atomic
def delete_follow_up(follow_up: FollowUp, *, by: Actor, at: datetime | None = None) -> None:
    at = at or timezone.now()
    post_mortem = lock_post_mortem(follow_up.post_mortem)
    locked(post_mortem.follow_ups.all(), follow_up, to_delete=True).delete()
    record("follow_up.deleted", post_mortem.incident_id, by=by, at=at, title=follow_up.title)
    announce_if_published(post_mortem, by=by, at=at)


def _same(new: FollowUp) -> FollowUp | None:
    return FollowUp.objects.filter(
        post_mortem=new.post_mortem,
        title=new.title,
        owner_id=new.owner_id,
        owner_name=new.owner_name,
        due_date=new.due_date,
        done_at=None,
    ).first()


def _fill(follow_up: FollowUp, **said: Any) -> None:
    if "title" in said:
        follow_up.title = clean_line(
            said["title"], field="title", noun="A follow-up", longest=FOLLOW_UP_LENGTH
        )
    if "owner" in said:
        follow_up.owner_id, follow_up.owner_name = _owner(said["owner"])
    if "due_date" in said:
        follow_up.due_date = _checked(said["due_date"])
    if "is_public" in said:
        follow_up.is_public = said["is_public"]


def _owner(owner: User | str) -> tuple[str, str]:
    if isinstance(owner, User):
        return owner.actor.id, owner.actor.name[:OWNER_LENGTH]
    if not owner.strip():
        return "", ""
    return "", clean_line(owner, field="owner_name", noun="An owner's name", longest=OWNER_LENGTH)


def _checked(due_date: date | None) -> date | None:
    if due_date is not None and not FIRST <= due_date.year <= LAST:
        raise Refused(
            f"due_date lies outside the years {FIRST} to {LAST}; check it.", field="due_date"
        )
    return due_date
