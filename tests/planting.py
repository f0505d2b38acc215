"""Words of staff, planted wherever staff may write them: `zq` begins each of them.

Everything here is done by somebody whose name and address nobody outside may read, too.
"""

from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from atender.actors import Actor
from incidents.changes import Source, record_change
from incidents.correcting import change_incident
from incidents.drafts.keeping import Written, save_draft
from incidents.lifecycle import Facts
from incidents.models import Incident, TemplateKind
from incidents.planned.planning import plan_maintenance
from incidents.planned.series import end_series, plan_series
from incidents.recording import record
from incidents.texts.templates import add_template
from incidents.transitions import Saying
from monitors.catalogue import add_monitor, add_service
from monitors.runbooks import write_runbook
from tests.factories import component, default_page
from tests.incidents.recurring import a_plan

DAY = timedelta(days=1)


def plant_around(incident: Incident, *, by: Actor) -> None:
    """Write beside a published incident all that only staff read."""
    _runbooks(incident, by=by)
    _drafts(incident, by=by)
    _templates(by=by)
    _changes(incident, by=by)
    _planned(by=by)
    # An operator's tool may leave a reason there.
    record("incident.changed", incident.pk, by=by, at=timezone.now(), reason="Zqreason to do so")


def _runbooks(incident: Incident, *, by: Actor) -> None:
    service = add_service("Zqservice", description="Zqdescription", by=by)
    monitor = add_monitor("Zqmonitor that watches", by=by, service=service)
    for subject in (service, monitor, component()):
        write_runbook(subject.pk, "## Zqrunbook\n\nCall Zqcontact.", name="subject", by=by)
    change_incident(incident, by=by, service=service)


def _drafts(incident: Incident, *, by: Actor) -> None:
    soon = timezone.now() + DAY
    for about, publish_at in ((incident, None), (incident, soon), (None, None), (None, soon)):
        opens = {} if about else {"title": "Zqdrafted title", "page_ids": [default_page().pk]}
        written = replace(Written(body="Zqdrafted text.", severity="minor"), **opens)  # type: ignore[arg-type]
        save_draft(written, by=by, incident=about, publish_at=publish_at)


def _templates(*, by: Actor) -> None:
    add_template("Zqtemplate", kind=TemplateKind.UPDATE, by=by, body="Zqtemplated text.")
    add_template(
        "Zqtemplate of incidents", kind=TemplateKind.INCIDENT, by=by, title="Zqtemplated title"
    )


def _changes(incident: Incident, *, by: Actor) -> None:
    source = Source("zqversion", "https://zqhost.acme.example/build/7", "Zqauthor")
    happened_at = incident.started_at - timedelta(minutes=5)
    record_change(
        "Zqchange deployed", by=by, source=source, components=[component()], happened_at=happened_at
    )


def _planned(*, by: Actor) -> None:
    """Planned work of staff alone, and series that no page shows or that came to their end."""
    start = timezone.now() + DAY
    facts = Facts(
        components=[component()], scheduled_for=start, scheduled_until=start + timedelta(hours=1)
    )
    plan_maintenance("Zqplanned quietly", by=by, facts=facts, first=Saying("Zqplan of staff."))
    plan_series(a_plan(title="Zqseries of staff", body="Zqseries text.", pages=[]), by=by)
    end_series(plan_series(a_plan(title="Zqended series", pages=[]), by=by), by=by)
