"""What an incident's timeline mentions: a line about an alert leads to it."""

from django.test import Client

from alerts.promotion import create_incident
from incidents.console.mentions import linked
from incidents.lifecycle import post_update
from incidents.transitions import Saying
from tests.alerts.making import make_alert
from tests.factories import STAFF

KEY = "01JD0000000000000000000001"


def test_an_incident_leads_to_its_alert_and_never_spells_its_id(console: Client) -> None:
    alert = make_alert()
    incident = create_incident(alert, by=STAFF)
    shown = console.get(f"/admin/incidents/incident/{incident.pk}/change/").content.decode()
    link = f'Alert: <a href="/admin/alerts/alert/{alert.pk}/change/">{alert.summary}</a>'
    assert link in shown
    assert f"({alert.pk})" not in shown


def test_an_address_in_a_note_is_a_link_and_markup_stays_text(console: Client) -> None:
    incident = create_incident(make_alert(), by=STAFF)
    said = Saying(body="Look: https://logs.example/a?b=1&c=2 <b>now</b>", is_public=False)
    post_update(incident, by=STAFF, saying=said)
    shown = console.get(f"/admin/incidents/incident/{incident.pk}/change/").content.decode()
    assert 'href="https://logs.example/a?b=1&amp;c=2"' in shown
    assert "&lt;b&gt;now&lt;/b&gt;" in shown


def test_a_mention_is_a_whole_line_of_a_known_noun() -> None:
    for text in (f"Table: x ({KEY})", f"Alert: x ({KEY}), and more", f"see Alert: x ({KEY})"):
        assert "<a" not in linked(text)
    assert linked(f"Alert: <i> (1) ({KEY})\n\nAnd") == (
        f'<p>Alert: <a href="/admin/alerts/alert/{KEY}/change/">&lt;i&gt; (1)</a></p>\n\n<p>And</p>'
    )
