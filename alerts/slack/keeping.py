"""The verbs of the slash command: the app that signs it, and which Slack user is who."""

import re
from collections.abc import Mapping

from django.db import transaction

from alerts.models import SlackApp, SlackPerson
from atender.actors import Actor
from atender.deeds import note
from atender.refusals import Refused
from atender.staff.models import User

SECRET = re.compile(r"[0-9A-Za-z]{20,128}")
USER_ID = re.compile(r"[UW][0-9A-Z]{2,30}")
MOST_PEOPLE = 500


@transaction.atomic
def set_up(*, by: Actor, signing_secret: str | None, people: Mapping[str, User] | None) -> SlackApp:
    """Take a command that is signed with this secret, from these people. Raises Refused.

    What is None stays as it is.
    """
    app = SlackApp.objects.select_for_update().first()
    if signing_secret is not None or app is None:
        app = app or SlackApp()
        app.signing_secret = checked_secret(signing_secret or "")
        app.save()
    if people is not None:
        _name(people)
    given = (("signing_secret", signing_secret), ("people", people))
    note("slack.set_up", app.pk, by=by, fields=[name for name, value in given if value is not None])
    return app


def _name(people: Mapping[str, User]) -> None:
    if len(people) > MOST_PEOPLE:
        raise Refused(f"At most {MOST_PEOPLE} people are named.", field="people")
    wrong = next((user_id for user_id in people if not USER_ID.fullmatch(user_id)), None)
    if wrong is not None:
        raise Refused(
            f"'{wrong[:40]}' is no Slack member ID; it looks like U024BE7LH and stands in the "
            "member's profile under “Copy member ID”.",
            field="people",
        )
    SlackPerson.objects.all().delete()
    SlackPerson.objects.bulk_create(
        SlackPerson(slack_user_id=user_id, person=person) for user_id, person in people.items()
    )


def checked_secret(secret: str) -> str:
    if not SECRET.fullmatch(secret.strip()):
        raise Refused(
            "Paste the app's signing secret: letters and digits, under “Basic Information”.",
            field="signing_secret",
        )
    return secret.strip()


@transaction.atomic
def take_down(*, by: Actor) -> None:
    """Take no command any more, and forget who is who."""
    app = SlackApp.objects.select_for_update().first()
    SlackPerson.objects.all().delete()
    if app is not None:
        note("slack.taken_down", app.pk, by=by)
        app.delete()
