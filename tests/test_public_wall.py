"""What only staff may know, looked for in everything that leaves the house.

The addresses of page hosts are read from the URL conf, so that a new representation is covered the
day it is written; new channels and tools make a test here fail until they are looked into.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from atender.actors import Actor
from atender.roles import Role
from atender.staff.models import User
from atender.tenants.models import Tenant
from incidents.afterwards.follow_ups import add_follow_up
from incidents.afterwards.post_mortems import (
    change_post_mortem,
    publish_post_mortem,
    start_post_mortem,
    withdraw_post_mortem,
)
from incidents.catalogue.components import add_component
from incidents.changes import record_change
from incidents.correcting import change_incident
from incidents.lifecycle import acknowledge, delete_incident, open_incident, post_update
from incidents.models import (
    Draft,
    Incident,
    MaintenanceSeries,
    PostMortem,
    SystemChange,
)
from incidents.publishing import publish
from incidents.timeline import delete_update, edit_update, withdraw_update
from incidents.transitions import Saying
from subscribers.models import CALLED, Channel, Verification
from subscribers.people.enrolment import confirm_subscription, subscribe
from tests.factories import default_page, make_incident, partner_page
from tests.planting import plant_around
from tests.smtp_sink import SmtpSink
from tests.subscribers.called import later, listening, make_endpoint
from tests.subscribers.conftest import sink
from tests.subscribers.making import make_subscriber, manage_path, unsubscribe_path, work_off

__all__ = ["sink"]
# Random tokens hold almost anything, but hardly a whole word like this one.
MARK = re.compile(r"[Zz]q[a-z]{4,}(?![\w-])")
# What a page host needs to be asked with, by the name of the parameter.
UNKNOWN = "01JD0000000000000000000000"


def addresses(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern).lstrip("^")
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        else:
            yield route


ROUTES = sorted(set(addresses(get_resolver("atender.urls.page").url_patterns)))
FILLERS = {
    "colour": ["1d37d8"],
    "digest": ["0" * 32],
    "token": ["nobodys-token"],
}


def paths(ids: list[str]) -> list[str]:
    """Every route with every id in every place that takes one."""
    found = {"/?lang=de", "/history?page=2", "/history?page=1"}
    for route in ROUTES:
        names = re.findall(r"\(\?P<(\w+)>|<(?:\w+:)?(\w+)>", route)
        choices = ids
        for name in (first or second for first, second in names):
            choices = FILLERS.get(name, ids if name.endswith("_id") else [])
            assert choices, f"say in FILLERS what {route} is asked with"
        for choice in choices:
            path = re.sub(r"\(\?P<\w+>(?:[^()]|\([^()]*\))*\)|<(?:\w+:)?\w+>", choice, route)
            found.add("/" + path.replace("\\Z", "").replace("\\.", ".").rstrip("$"))
    return sorted(found)


def snapshot(host: str, where: list[str]) -> dict[str, bytes]:
    """Status, headers and body of each address, for GET and for HEAD."""
    client = Client(HTTP_HOST=host)
    answers: dict[str, bytes] = {}
    for path in where:
        for method in ("get", "head"):
            answer = getattr(client, method)(path)
            head = f"{answer.status_code} {sorted(answer.headers.items())}\n".encode()
            answers[f"{method} {path}"] = head + answer.content
    return answers


def marks_in(answers: dict[str, bytes]) -> set[tuple[str, str]]:
    return {
        (where, mark.casefold())
        for where, content in answers.items()
        for mark in MARK.findall(content.decode("utf-8", "replace"))
    }


def say(incident: Incident, by: Actor, body: str = "", **saying: object) -> object:
    return post_update(incident, by=by, saying=Saying(body=body, **saying))  # type: ignore[arg-type]


@pytest.fixture
def who(acme: Tenant) -> Actor:
    """Everything is done by somebody whose name and address nobody outside may read."""
    person = User.objects.create_user("zqaddress@acme.example", role=Role.ADMIN, name="Zqname")
    return person.actor


@pytest.fixture
def told(who: Actor) -> Incident:
    """A public incident that was said much about, not all of it to the public."""
    hidden = add_component("Zqcomponent", by=who, pages=[])
    incident = make_incident("Checkout fails for card payments", body="Cards are declined.")
    change_incident(incident, by=who, title="Zqoldtitle of checkout")
    change_incident(incident, by=who, title="Checkout fails for card payments", components=[hidden])
    acknowledge(incident, by=who)
    say(incident, who, "Zqprivate text alone.", is_public=False)
    say(incident, who, "Zqstep text.", is_public=False, status="identified")
    edited = say(incident, who, "Zqedited away.")
    edit_update(edited, by=who, body="Banks refuse our certificate.")  # type: ignore[arg-type]
    private = say(incident, who, "Zqmadeprivate later.")
    edit_update(private, by=who, is_public=False)  # type: ignore[arg-type]
    delete_update(say(incident, who, "Zqdeleted text."), by=who)  # type: ignore[arg-type]
    delete_update(
        say(incident, who, "Zqdeletedstep text.", severity="critical"),  # type: ignore[arg-type]
        by=who,
    )
    undone = say(incident, who, "Zqundone text.", hold=timedelta(seconds=20))
    withdraw_update(undone, by=who)  # type: ignore[arg-type]
    plant_around(incident, by=who)
    return incident


@pytest.fixture
def ids(who: Actor, told: Incident) -> list[str]:
    """Ids that a page could be asked for: of what it shows and of what it must not."""
    open_incident("Zqinternal replica lag", by=who, first=Saying(body="Zqinternal words."))
    make_incident("Zqpartner exports", body="Zqpartner words.", pages=(partner_page(),))
    gone = make_incident("Zqgone incident", body="Zqgone words.")
    delete_incident(gone, by=who)
    drafted = _closed("Search is slow", who)
    draft = start_post_mortem(drafted, by=who, body="Zqdraft of a post-mortem.")
    add_follow_up(draft, "Zqdraftaction", by=who, owner="Zqowner")
    taken_back = start_post_mortem(_closed("Mails late", who), by=who, body="Zqtakenback.")
    publish_post_mortem(taken_back, by=who)
    withdraw_post_mortem(taken_back, by=who)
    shown = start_post_mortem(_closed("Sign-in fails", who), by=who, body="Zqfirst version.")
    change_post_mortem(shown, by=who, body="We know why.")
    publish_post_mortem(shown, by=who, notifies=True)
    change_post_mortem(shown, by=who, body="Zqpublished once.")
    change_post_mortem(shown, by=who, body="We know why, and say it better.")
    add_follow_up(shown, "Warn earlier", by=who, owner="Zqowner")
    add_follow_up(shown, "Zqinternalaction", by=who, is_public=False)
    return [
        *Incident.objects.filter(series=None).values_list("id", flat=True),
        # One of each kind that has no address at all: every id more is asked everywhere.
        *(model.objects.latest("id").pk for model in (Draft, SystemChange, MaintenanceSeries)),
        *PostMortem.objects.values_list("id", flat=True),
        *told.updates.values_list("id", flat=True),
        *told.impacts.values_list("component_id", flat=True),
        default_page().pk,
        partner_page().pk,
        UNKNOWN,
    ]


def _closed(title: str, by: Actor) -> Incident:
    incident = make_incident(title)
    post_update(incident, by=by, saying=Saying(status="resolved"))
    incident.refresh_from_db()
    return incident


def test_the_list_of_addresses_is_whole(acme: Tenant) -> None:
    assert len(ROUTES) > 15
    assert not [path for path in paths([UNKNOWN]) if "<" in path or "(" in path]


def test_no_address_of_a_page_tells_what_staff_keep(ids: list[str]) -> None:
    answers = snapshot("status.acme.localhost", paths(ids))
    assert sum(answer.startswith(b"200") for answer in answers.values()) > 40
    assert marks_in(answers) == set()


def test_the_partners_page_tells_its_own_and_no_more(ids: list[str]) -> None:
    answers = snapshot("partners.acme.localhost", paths(ids))
    assert {mark for _, mark in marks_in(answers)} == {"zqpartner"}


def test_forms_of_a_page_tell_nothing(ids: list[str], visitor: Client) -> None:
    subscriber = make_subscriber("maria@example.com")
    make_subscriber("zqsubscriber@example.com")
    own = [manage_path(subscriber), unsubscribe_path(subscriber)]
    answers = snapshot("status.acme.localhost", own)
    for path in [*paths(ids), *own]:
        body = {"email": "nils@example.com", "incident": ids[:8], "component": ids[-4:]}
        answers[f"post {path}"] = visitor.post(path, body).content
    assert marks_in(answers) == set()


def go_through(who: Actor) -> None:
    """An incident with everything that staff may know of one, and its end."""
    incident = make_incident("Checkout fails for card payments")
    plant_around(incident, by=who)
    say(incident, who, "Zqprivate text.", is_public=False)
    say(incident, who, "Zqstep text.", is_public=False, status="identified")
    edit_update(say(incident, who, "Zqedited away."), by=who, body="Better.")  # type: ignore[arg-type]
    edit_update(say(incident, who, "Zqmadeprivate."), by=who, is_public=False)  # type: ignore[arg-type]
    acknowledge(incident, by=who)
    publish(incident, pages=[partner_page()], by=who)
    open_incident("Zqinternal", by=who, first=Saying(body="Zqinternal words."))
    say(incident, who, status="resolved")
    draft = start_post_mortem(incident, by=who, body="We know why.")
    add_follow_up(draft, "Zqaction", by=who, owner="Zqowner")
    publish_post_mortem(draft, by=who, notifies=True)


def test_mails_tell_nothing(sink: SmtpSink, who: Actor, acme: Tenant) -> None:
    make_subscriber()
    make_subscriber("partner@example.com", page=partner_page())
    go_through(who)
    work_off()
    mails = {f"{number} {mail.to}": mail.content for number, mail in enumerate(sink.taken)}
    assert len(mails) > 4
    parts = {
        f"{number} part": str(part.get_content()).encode()
        for number, mail in enumerate(sink.taken)
        for part in mail.message.walk()
        if part.get_content_maintype() == "text"
    }
    assert marks_in({**mails, **parts}) == set()


def test_calls_and_text_messages_tell_nothing(
    who: Actor, acme: Tenant, sink: SmtpSink, settings: Any
) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True
    with listening() as server:
        settings.SMS_URL = server.base + "/sms"
        for channel in CALLED:
            make_endpoint(server, f"/{channel}", channel=channel)
        make_endpoint(server, "/hosted", body_format="hosted_page")
        make_endpoint(server, "/partners", page=partner_page())
        phone = subscribe(default_page(), address="+491701234567", channel=Channel.SMS)
        confirm_subscription(Verification.objects.get(subscriber=phone))
        go_through(who)
        work_off()
        for minutes in range(1, 8):
            later(minutes=minutes)
    assert {r.target for r in server.requests} == {
        *(f"/{channel}" for channel in CALLED),
        "/hosted",
        "/partners",
        "/sms",
    }
    said = {f"{n} {r.target}": r.body for n, r in enumerate(server.requests)}
    assert len(said) > 20
    assert marks_in(said) == set()


def test_a_new_channel_is_looked_into() -> None:
    passed = {Channel.EMAIL, Channel.SMS, *CALLED}
    assert set(Channel) == passed, "let it pass this wall as the others do"


SILENT: dict[str, Callable[[Incident, Actor], object]] = {
    "a private word": lambda i, by: say(i, by, "Zqnew private.", is_public=False),
    "taking it": lambda i, by: acknowledge(i, by=by),
    "an internal incident": lambda _i, by: open_incident("Zqnew", by=by),
    "a change": lambda _i, by: record_change("Zqnew deployed", by=by),
    "all that they keep": lambda i, by: plant_around(i, by=by),
    "a draft of a post-mortem": lambda i, by: start_post_mortem(
        _closed_twin(i), by=by, body="Zqnew"
    ),
}


def _closed_twin(incident: Incident) -> Incident:
    twins = Incident.objects.closed().filter(publications__page=default_page())
    return twins.exclude(pk=incident.pk).earliest("id")


def test_what_staff_do_among_themselves_changes_no_byte(who: Actor) -> None:
    """ETags included; time stands still, so that the freshness stamps are the same."""
    _closed("Sign-in fails", who)
    incident = make_incident("Checkout fails for card payments")
    known = [*Incident.objects.values_list("id", flat=True), UNKNOWN]
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        where = paths(known)
        before = snapshot("status.acme.localhost", where)
        for what, does in SILENT.items():
            does(incident, who)
            after = snapshot("status.acme.localhost", where)
            changed = [name for name, answer in before.items() if after[name] != answer]
            assert changed == [], what


def test_the_marks_would_be_found(acme: Tenant) -> None:
    make_incident("Zqloud")
    for path in ("/", "/history.atom", "/api/v2/summary.json"):
        assert marks_in(snapshot("status.acme.localhost", [path])) == {(f"get {path}", "zqloud")}
