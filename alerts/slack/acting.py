"""What a slash command does: the same verbs as the console's, under the same permissions."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected, LockNotAvailable

from alerts.lifecycle import acknowledge
from alerts.models import Alert, SlackAnswer, SlackPerson
from alerts.slack.finding import (
    NOTHING_OPEN,
    anything_meant,
    incident_meant,
    loose_alerts,
    open_incidents,
    title_of,
)
from alerts.slack.reading import SEVERITIES, STATUSES, read, reference_of, take_word
from alerts.slack.wording import USAGE, escaped, line_of, link_to
from atender.refusals import Refused
from atender.roles import Ability, may
from atender.staff.models import User
from incidents.lifecycle import acknowledge as acknowledge_incident
from incidents.lifecycle import open_incident, post_update
from incidents.models import Incident
from incidents.transitions import Saying

# Somebody else holds what this needs.
TAKEN = (LockNotAvailable, DeadlockDetected)
KEPT_FOR = timedelta(hours=1)
BUSY = "Somebody is changing it just now; try again in a moment."
AWAY = "Our database does not answer. Nothing was done; try again in a minute."


def answer_to(command: str, *, user_id: str, text: str, identity: str, at: datetime) -> str:
    """Do what was typed and report the result; a repeated request gets the same answer."""
    key = hashlib.sha256(identity.encode(errors="replace")).hexdigest()
    known = SlackAnswer.objects.filter(command=key).first()
    if known is not None:
        return known.text
    try:
        return _answered_once(key, command, user_id=user_id, text=text, at=at)
    except IntegrityError:
        # The same one was at work at the same moment, and has ended.
        return SlackAnswer.objects.get(command=key).text
    except OperationalError as error:
        return BUSY if isinstance(error.__cause__, TAKEN) else AWAY


@transaction.atomic
def _answered_once(key: str, command: str, *, user_id: str, text: str, at: datetime) -> str:
    with connection.cursor() as cursor:
        # Slack waits for three seconds.
        cursor.execute("SET LOCAL lock_timeout = '2s'")
    answer = SlackAnswer.objects.create(command=key, at=at)
    try:
        with transaction.atomic():
            answer.text = _done(command, _person(user_id), text)
    except Refused as refusal:
        answer.text = escaped(refusal.sentence)
    answer.save(update_fields=["text"])
    SlackAnswer.objects.filter(at__lt=at - KEPT_FOR).delete()
    return answer.text


def _person(user_id: str) -> User:
    named = SlackPerson.objects.select_related("person").filter(slack_user_id=user_id).first()
    if named is None or not named.person.is_active:
        raise Refused(
            f"You are nobody here yet. Ask an admin to name your Slack member ID ({user_id[:32]})."
        )
    return named.person


def _done(command: str, person: User, text: str) -> str:
    wish = read(text)
    if not wish.is_known:
        raise Refused(f"'{wish.verb[:40]}' is no command; {command} help lists them.")
    return DEEDS[wish.verb](person, wish.rest, command)


def _help(_person: User, _rest: str, command: str) -> str:
    return USAGE.format(command=escaped(command))


def _list(person: User, _rest: str, _command: str) -> str:
    _check(person, Ability.READ, "read incidents")
    records: list[Incident | Alert] = [*open_incidents(), *loose_alerts()]
    return "\n".join(line_of(record) for record in records) or NOTHING_OPEN


def _open(person: User, rest: str, command: str) -> str:
    _check(person, Ability.DRAFT, "open incidents")
    severity, title = take_word(rest, SEVERITIES)
    if not title:
        raise Refused(f"An incident has a title: {command} open major Checkout fails.")
    incident = open_incident(title, by=person.actor, severity=severity)
    return (
        f"Opened {link_to(incident)} as `{reference_of(incident.pk)}`. It is internal: nobody "
        "outside reads it until somebody publishes it in the console."
    )


def _update(person: User, rest: str, _command: str, *, status: str | None = None) -> str:
    _check(person, Ability.POST_UPDATE, "post updates")
    meant = incident_meant(rest)
    asked, words = (status, meant.rest) if status else take_word(meant.rest, STATUSES)
    assert isinstance(meant.record, Incident)
    post_update(meant.record, by=person.actor, saying=Saying(status=asked, body=words))
    meant.record.refresh_from_db()
    pages = list(meant.record.pages.order_by("name").values_list("name", flat=True))
    read_by = f"public on {escaped(', '.join(pages))}" if pages else "internal"
    return f"Posted to {link_to(meant.record)}: {meant.record.status}, {read_by}."


def _resolve(person: User, rest: str, command: str) -> str:
    return _update(person, rest, command, status="resolved")


def _ack(person: User, rest: str, _command: str) -> str:
    _check(person, Ability.ACKNOWLEDGE, "acknowledge")
    record = anything_meant(rest).record
    taken: Incident | Alert
    if isinstance(record, Incident):
        taken = acknowledge_incident(record, by=person.actor)
    else:
        taken = acknowledge(record, by=person.actor)
    if taken.acknowledged_by_id == person.pk:
        return f"You have it: {link_to(record)}. Nobody else is called; nothing is resolved."
    who = taken.acknowledged_by_name or "Somebody"
    return f"{escaped(who)} has it already: {escaped(title_of(record))}."


def _check(person: User, ability: Ability, what: str) -> None:
    if not may(person, ability):
        raise Refused(f"Your role does not {what}.")


DEEDS: dict[str, Callable[[User, str, str], str]] = {
    "help": _help,
    "list": _list,
    "open": _open,
    "update": _update,
    "resolve": _resolve,
    "ack": _ack,
}
