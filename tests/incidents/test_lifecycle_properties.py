"""Whatever the order of calls, the record adds up."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atender.refusals import Refused
from atender.tenants.models import Tenant
from incidents.lifecycle import acknowledge, post_update
from incidents.models import ComponentReport, Incident, IncidentUpdate, IncidentUpdateRevision
from incidents.models.vocabulary import CLOSED, PATHS, SEVERITIES, ComponentStateName, Kind, worst
from incidents.timeline import delete_update, edit_update, withdraw_update
from incidents.transitions import KEEP, Saying
from tests.factories import STAFF, component, make_incident

STATUSES = st.sampled_from([None, *PATHS[Kind.INCIDENT]])
SEVERITY = st.sampled_from([KEEP, None, *SEVERITIES[Kind.INCIDENT]])
TEXTS = st.sampled_from(["", "We are on it.", "ü\u202eabc 🙂"])
STATES = st.sampled_from([None, *ComponentStateName.values])
POST = st.tuples(
    st.just("post"),
    st.integers(0, 1),
    STATUSES,
    SEVERITY,
    TEXTS,
    STATES,
    st.booleans(),
    st.booleans(),
)
OTHER = st.tuples(
    st.sampled_from(["edit", "delete", "undo", "acknowledge"]), st.integers(0, 1), TEXTS
)


@given(steps=st.lists(POST | OTHER, max_size=12))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_record_adds_up_after_any_calls(acme: Tenant, steps: list[Any]) -> None:
    with transaction.atomic():
        incidents = [make_incident("First trouble"), make_incident("Second", severity="minor")]
        for step in steps:
            # A refusal is fine; leaving something half done is not.
            with suppress(Refused, IncidentUpdate.DoesNotExist), transaction.atomic():
                take(step, incidents[step[1]])
            for incident in Incident.objects.all():
                check_incident(incident)
            check_component()
        transaction.set_rollback(True)


def take(step: Any, incident: Incident) -> None:
    verb, _, *words = step
    if verb == "post":
        status, severity, body, state, is_public, is_held = words
        hold = timedelta(seconds=20 if is_held else 0)
        saying = Saying(
            body,
            status=status,
            severity=severity,
            is_public=is_public,
            hold=hold,
            impacts={component().pk: state} if state else {},
        )
        post_update(incident, by=STAFF, saying=saying)
    elif verb == "acknowledge":
        acknowledge(incident, by=STAFF)
    elif newest := incident.updates.kept().order_by("posted_at", "id").last():
        change(verb, newest, words[0])


def change(verb: str, update: IncidentUpdate, text: str) -> None:
    if verb == "edit":
        edit_update(update, by=STAFF, body=text)
    elif verb == "delete":
        delete_update(update, by=STAFF)
    else:
        withdraw_update(update, by=STAFF)


def check_incident(incident: Incident) -> None:
    if incident.deleted_at is not None:
        return
    latest = incident.updates.transitions().order_by("posted_at", "id").last()
    assert latest is not None
    assert (incident.status, incident.severity) == (latest.status, latest.severity)
    assert (incident.resolved_at is not None) == (incident.status in CLOSED)
    assert (incident.responder_status == "resolved") == (incident.status in CLOSED)
    for update in incident.updates.all():
        revisions = IncidentUpdateRevision.objects.filter(update_id=update.id).order_by("id")
        texts = [revision.body_after for revision in revisions]
        assert not texts or texts[-1] == update.body


def check_component() -> None:
    open_impacts = component().impacts.filter(incident__in=Incident.objects.active())
    said = worst(open_impacts.values_list("state", flat=True))
    assert not ComponentReport.objects.exists()
    state = component().states.filter(page=None).first()
    assert (state.state if state else "operational") == said
    intervals = component().intervals.filter(page=None, ended_at=None)
    assert intervals.count() == (said != "operational")
