"""What was deleted a moment ago is said, whichever verb comes second."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from alerts.channels.keeping import add_channel, delete_channel
from alerts.inbound.sources import add_source, delete_source
from alerts.models import AlertChannel
from alerts.people.arranging import add_override, delete, delete_override, save_group
from alerts.people.arranging import save_schedule as save_rotation
from alerts.people.reachable import add_method, change_method, delete_method
from alerts.people.verifying import ask_code
from alerts.routing import change_routing
from assist.conversations.opening import change_conversation, delete_conversation
from assist.conversations.sources import add_source as add_desk
from assist.conversations.sources import remove_source
from assist.drills.running import start_drill, stop_drill
from assist.drills.scenarios import SCENARIOS
from assist.models import EmbeddingModel, LanguageModel, Wave
from assist.own_models import OwnModel, keep_model, remove_model
from assist.waves.deciding import dismiss_wave
from atender.locking import Gone
from atender.refusals import Refused
from atender.staff.models import User
from atender.tenants.context import in_tenant
from incidents.catalogue.arranging import change_group, delete_group
from incidents.catalogue.components import (
    add_component,
    add_group,
    delete_component,
    report_state,
)
from incidents.changes import delete_change, record_change
from incidents.importing.runs import start_import, stop_import
from incidents.lifecycle import delete_incident, post_update
from incidents.models import AuditEntry, IncidentUpdate
from incidents.texts.templates import change_template, delete_template
from incidents.timeline import delete_update, edit_update
from incidents.transitions import Saying
from monitors.catalogue import add_monitor, change_monitor, delete_monitor
from monitors.configs.watching import Watch
from monitors.heartbeats.calls import take_call
from subscribers.deliveries.resending import resend_failed
from subscribers.models import Notice
from subscribers.people.enrolment import remove_subscriber
from tests.assist.conversations.making import make_conversation
from tests.assist.waves.making import have_all_complain
from tests.factories import STAFF, default_page, make_incident
from tests.incidents.test_races import at_once
from tests.incidents.test_templates import make_template
from tests.subscribers.making import make_subscriber


def person() -> User:
    return User.objects.get_or_create(email="dana@acme.example", defaults={"name": "Dana"})[0]


def override() -> Any:
    now = timezone.now()
    rotation = save_rotation(
        None, by=STAFF, name="Nights", starts_on=now.date(), handover_at=now.time()
    )
    return add_override(
        rotation, person(), starts_at=now, ends_at=now + timedelta(hours=1), by=STAFF
    )


def wave() -> Wave:
    have_all_complain()
    return Wave.objects.get()


def notice() -> Notice:
    make_subscriber()
    make_incident()
    return Notice.objects.all()[0]


def own_model(kind: type[OwnModel]) -> OwnModel:
    made = kind(base_url="https://models.acme.example/v1", model="small", api_key="sesame")
    keep_model(made, by=STAFF)
    return made


def delete_row(row: Any) -> None:
    """As it goes with what it belongs to; nobody deletes it by itself."""
    type(row)._default_manager.filter(pk=row.pk).delete()


MADE: dict[str, tuple[Callable[[], Any], Callable[[Any], Any], Callable[[Any], Any]]] = {
    "incident": (
        make_incident,
        lambda row: delete_incident(row, by=STAFF),
        lambda row: post_update(row, by=STAFF, saying=Saying(body="Better.")),
    ),
    "incident update": (
        lambda: IncidentUpdate.objects.get(incident=make_incident()),
        lambda row: delete_update(row, by=STAFF),
        lambda row: edit_update(row, by=STAFF, body="Better."),
    ),
    "component group": (
        lambda: add_group("Edge", by=STAFF),
        lambda row: delete_group(row, by=STAFF),
        lambda row: change_group(row, name="Rim", position=0, by=STAFF),
    ),
    "component": (
        lambda: add_component("Search", by=STAFF),
        lambda row: delete_component(row, by=STAFF),
        lambda row: report_state(row, state="degraded", by=STAFF),
    ),
    "template": (
        make_template,
        lambda row: delete_template(row, by=STAFF),
        lambda row: change_template(row, by=STAFF, body="Better."),
    ),
    "change": (
        lambda: record_change("Deployed", by=STAFF),
        lambda row: delete_change(row, by=STAFF),
        lambda row: delete_change(row, by=STAFF),
    ),
    "monitor": (
        lambda: add_monitor("Shop", by=STAFF),
        lambda row: delete_monitor(row, by=STAFF),
        lambda row: change_routing(row, by=STAFF, auto_incident="draft"),
    ),
    "alert channel": (
        lambda: add_channel("Team", "email", "team@acme.example", by=STAFF),
        lambda row: delete_channel(row, by=STAFF),
        lambda row: delete_channel(row, by=STAFF),
    ),
    "inbound source": (
        lambda: add_source("Production", "grafana", by=STAFF),
        lambda row: delete_source(row, by=STAFF),
        lambda row: delete_source(row, by=STAFF),
    ),
    "contact method": (
        lambda: add_method(person(), "email", "dana@elsewhere.example", by=STAFF),
        lambda row: delete_method(row, by=STAFF),
        lambda row: ask_code(row, by=STAFF),
    ),
    "override": (
        override,
        lambda row: delete_override(row, by=STAFF),
        lambda row: delete_override(row, by=STAFF),
    ),
    "wave": (
        wave,
        delete_row,
        lambda row: dismiss_wave(row, by=STAFF),
    ),
    "conversation": (
        make_conversation,
        lambda row: delete_conversation(row, by=STAFF),
        lambda row: change_conversation(row, is_open=False),
    ),
    "conversation source": (
        lambda: add_desk("Our desk", by=STAFF),
        lambda row: remove_source(row, by=STAFF),
        lambda row: remove_source(row, by=STAFF),
    ),
    "language model": (
        lambda: own_model(LanguageModel),
        lambda row: remove_model(row, by=STAFF),
        lambda row: keep_model(row, by=STAFF),
    ),
    "embedding model": (
        lambda: own_model(EmbeddingModel),
        lambda row: remove_model(row, by=STAFF),
        lambda row: keep_model(row, by=STAFF),
    ),
    "drill": (
        lambda: start_drill(next(iter(SCENARIOS)), by=STAFF),
        delete_row,
        stop_drill,
    ),
    "import": (
        lambda: start_import("https://status.example.com", page=default_page(), by=STAFF),
        delete_row,
        lambda row: stop_import(row, by=STAFF),
    ),
    "notice": (
        notice,
        delete_row,
        lambda row: resend_failed(row, by=STAFF),
    ),
    "subscriber": (
        make_subscriber,
        lambda row: remove_subscriber(row, by=STAFF),
        lambda row: remove_subscriber(row, by=STAFF),
    ),
    "notification group": (
        lambda: save_group(None, by=STAFF, name="Night shift"),
        lambda row: delete(row, by=STAFF),
        lambda row: delete(row, by=STAFF),
    ),
}


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize("noun", MADE)
def test_whoever_comes_second_is_told_and_leaves_no_trace(noun: str) -> None:
    make, remove, touch = MADE[noun]
    record = make()
    kept = type(record)._default_manager.get(pk=record.pk)
    remove(record)
    deeds = AuditEntry.objects.count()
    with pytest.raises(Gone, match=f"^The {noun} was deleted meanwhile.$"):
        touch(kept)
    assert AuditEntry.objects.count() == deeds


@pytest.mark.usefixtures("fresh_database")
def test_of_three_that_delete_at_once_one_did() -> None:
    with in_tenant("acme"):
        incident = make_incident()
    outcomes = at_once(*[lambda: delete_incident(incident, by=STAFF)] * 3)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Gone) for outcome in outcomes) == 2


@pytest.mark.usefixtures("acme")
def test_a_call_of_what_is_no_heartbeat_any_more_counts_for_nothing() -> None:
    job = add_monitor("Export", by=STAFF, watch=Watch(kind="heartbeat"))
    change_monitor(job, by=STAFF, kind="http", url="https://acme.example")
    with pytest.raises(Gone):
        take_call(job, at=timezone.now())


@pytest.mark.usefixtures("fresh_database")
def test_of_three_channels_of_one_name_two_are_refused() -> None:
    adding = lambda: add_channel("Team", "email", "team@acme.example", by=STAFF)  # noqa: E731
    outcomes = at_once(*[adding] * 3)
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 2
    with in_tenant("acme"):
        assert AlertChannel.objects.count() == 1


@pytest.mark.usefixtures("fresh_database")
def test_a_person_has_an_address_once() -> None:
    with in_tenant("acme"):
        dana = person()
        other = add_method(dana, "email", "dana@old.example", by=STAFF)
    new = "dana@new.example"
    outcomes = at_once(
        lambda: add_method(dana, "email", new, by=STAFF),
        lambda: add_method(dana, "email", new, by=STAFF),
        lambda: change_method(other, by=STAFF, address=new),
    )
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 2
