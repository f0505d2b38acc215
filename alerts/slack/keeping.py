"""The verbs of the slash command: the app that signs it, and which Slack user is who."""

import re
from collections.abc import Container, Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction

from alerts.models import SlackApp, SlackPerson
from atender.actors import Actor
from atender.deeds import note
from atender.refusals import Refused
from atender.staff.models import User

SECRET = re.compile(r"[0-9A-Za-z]{20,128}")
USER_ID = re.compile(r"[UW][0-9A-Z]{2,30}")
MOST_PEOPLE = 500
# Nonsense requests make us write at most this often.
REFUSAL_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def set_up(*, by: Actor, signing_secret: str | None, people: Mapping[str, User] | None) -> SlackApp:
    """Accept commands signed with this secret, from these people. Raises Refused.

    An argument that is None leaves its field unchanged.
    """
    app = SlackApp.objects.select_for_update().first()
    if signing_secret is not None or app is None:
        app = app or SlackApp()
        app.signing_secret, app.refused_at = checked_secret(signing_secret or ""), None
        app.save()
    if people is not None:
        _name(people)
        _forget_stranger(app, people)
    given = (("signing_secret", signing_secret), ("people", people))
    note("slack.set_up", app.pk, by=by, fields=[name for name, value in given if value is not None])
    return app


def _name(people: Mapping[str, User]) -> None:
    if len(people) > MOST_PEOPLE:
        raise Refused(f"At most {MOST_PEOPLE} people are named.", field="people")
    check_ids(people, field="people")
    SlackPerson.objects.all().delete()
    SlackPerson.objects.bulk_create(
        SlackPerson(slack_user_id=user_id, person=person) for user_id, person in people.items()
    )


def _forget_stranger(app: SlackApp, named: Container[str]) -> None:
    """Forget that this Slack user was unknown."""
    if app.stranger_id in named:
        app.stranger_id = app.stranger_name = ""
        app.save(update_fields=["stranger_id", "stranger_name"])


def check_ids(ids: Iterable[str], *, field: str) -> None:
    wrong = next((user_id for user_id in ids if not USER_ID.fullmatch(user_id)), None)
    if wrong is not None:
        raise Refused(
            f"'{wrong[:40]}' is no Slack member ID; it looks like U024BE7LH and stands in the "
            "member's profile under “Copy member ID”.",
            field=field,
        )


@transaction.atomic
def name_person(user_id: str, person: User, *, by: Actor) -> SlackPerson:
    """Assign a Slack user to a person, replacing any earlier assignment. Raises Refused."""
    user_id = user_id.strip()
    check_ids([user_id], field="slack_user_id")
    app = SlackApp.objects.select_for_update().first()
    if app is None:
        raise Refused("Keep the app's signing secret first.")
    known = SlackPerson.objects.exclude(slack_user_id=user_id).count()
    if known >= MOST_PEOPLE:
        raise Refused(f"At most {MOST_PEOPLE} people are named.", field="slack_user_id")
    named, _ = SlackPerson.objects.update_or_create(
        slack_user_id=user_id, defaults={"person": person}
    )
    _forget_stranger(app, [user_id])
    note("slack.person_named", app.pk, by=by, name=str(person), slack_user_id=user_id)
    return named


@transaction.atomic
def forget_person(named: SlackPerson, *, by: Actor) -> None:
    app = SlackApp.objects.select_for_update().first()
    named.delete()
    if app is not None:
        note("slack.person_forgotten", app.pk, by=by, slack_user_id=named.slack_user_id)


def note_use(app: SlackApp, *, user_id: str, user_name: str, at: datetime) -> None:
    """Note when the command was last typed, and by whom if that user is assigned to nobody."""
    seen: dict[str, object] = {"last_used_at": at}
    is_named = SlackPerson.objects.filter(slack_user_id=user_id).exists()
    if USER_ID.fullmatch(user_id) and not is_named:
        seen |= {"stranger_id": user_id, "stranger_name": user_name[:80].replace("\0", "")}
    SlackApp.objects.filter(pk=app.pk).update(**seen)


def note_refusal(app: SlackApp, *, at: datetime) -> None:
    if app.refused_at is None or at - app.refused_at > REFUSAL_NOTED_EVERY:
        SlackApp.objects.filter(pk=app.pk).update(refused_at=at)


def checked_secret(secret: str) -> str:
    if not SECRET.fullmatch(secret.strip()):
        raise Refused(
            "Paste the app's signing secret: letters and digits, under “Basic Information”.",
            field="signing_secret",
        )
    return secret.strip()


@transaction.atomic
def take_down(*, by: Actor) -> None:
    """Accept no more commands, and forget who is who."""
    app = SlackApp.objects.select_for_update().first()
    SlackPerson.objects.all().delete()
    if app is not None:
        note("slack.taken_down", app.pk, by=by)
        app.delete()
