"""What monitors found is the likely cause in the post-mortem of their incident."""

import pytest

from alerts.models import AlertSource
from alerts.promotion import attach
from alerts.routing import change_routing
from alerts.triggering import Trouble, trigger
from atender.tenants.models import Tenant
from incidents.afterwards.post_mortems import StillAGuess, publish_post_mortem, start_post_mortem
from incidents.lifecycle import post_update
from incidents.models import Incident
from incidents.transitions import Saying
from monitors.models import Verdict
from monitors.outcomes import Outcome
from monitors.verdicts.settling import settle
from tests.alerts.calling import in_seconds
from tests.alerts.making import probe
from tests.factories import STAFF, make_incident


def test_the_root_cause_is_prefilled_and_not_published_unreviewed(acme: Tenant) -> None:
    change_routing(probe(), by=STAFF, auto_incident="on", pages=[*make_incident().pages.all()])
    at = in_seconds(0)
    settle(probe(), outcome=Outcome(Verdict.DOWN, at, error_code="timeout"))
    at = in_seconds(1, at)
    incident = Incident.objects.get(is_auto_created=True)
    settle(probe(), outcome=Outcome(Verdict.UP, at))
    in_seconds(1, at)
    incident.refresh_from_db()
    if not incident.is_closed:
        post_update(incident, by=STAFF, saying=Saying(status="resolved", body="Back."))

    draft = start_post_mortem(incident, by=STAFF)

    assert "## Root cause\n\nLikely: The server is probably down: no answer in time" in draft.body
    with pytest.raises(StillAGuess, match="The server is probably down"):
        publish_post_mortem(draft, by=STAFF)


def test_what_others_wrote_into_their_alerts_stays_out_of_the_draft(acme: Tenant) -> None:
    incident = make_incident()
    theirs = Trouble("Disk full", source=AlertSource.GENERIC, details={"cause": "Carol's disk"})
    alert, _is_new = trigger(theirs, by=STAFF, at=incident.started_at)
    attach([alert], incident, by=STAFF, at=incident.started_at, text="Attached.")
    post_update(incident, by=STAFF, saying=Saying(status="resolved", body="Back."))

    draft = start_post_mortem(incident, by=STAFF)

    assert "Carol" not in draft.body
    assert "## Root cause\n\n## Detection" in draft.body
