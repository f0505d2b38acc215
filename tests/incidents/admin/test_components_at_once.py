"""Two people with the same component's form open: the second reads what the first made of it."""

import re
from typing import Any

from django.test import Client
from django.utils.html import strip_tags

from incidents.catalogue.arranging import show_component
from incidents.catalogue.components import change_component, report_state
from incidents.catalogue.describing import Description
from incidents.catalogue.watching import watch_with
from incidents.models import AuditEntry, Component
from monitors.models import Monitor
from tests.factories import STAFF, component, default_page, partner_page


def where(record: Component) -> str:
    return f"/admin/incidents/component/{record.pk}/change/"


def sent(record: Component, **fields: Any) -> dict[str, Any]:
    """The form as a browser sends it untouched, with changes."""
    stands = Description.of(record)
    return {
        "name": stands.name,
        "description": stands.description,
        "group": stands.group.pk if stands.group else "",
        "position": stands.position,
        "pages": [page.pk for page in stands.pages],
        "reported": stands.reported,
        "monitors": [monitor.pk for monitor in stands.monitors],
        "seen": stands.seen,
    } | fields


def seen_on(screen: str) -> str:
    [seen] = re.findall(r'<input type="hidden" name="seen" value="(\w+)"', screen)
    return str(seen)


def test_what_a_colleague_changed_meanwhile_is_read_first(console: Client) -> None:
    api = component()
    opened = sent(api, description="What programs call", name="Interface")
    assert seen_on(console.get(where(api)).content.decode()) == opened["seen"]
    show_component(api, pages=[partner_page()], by=STAFF)
    report_state(api, state="degraded", by=STAFF)
    watch_with(api, [Monitor.objects.get()], by=STAFF)
    refused = console.post(where(api), opened)
    screen = refused.content.decode()
    assert (
        "Nothing was saved: somebody changed this component since you opened it. Where yours "
        "differs, it is called “API”, has no description, shows on Acme for partners, is said to "
        "be degraded, is watched by api probe. Save again if yours is to replace that."
    ) in screen
    stands = Description.of(component())
    assert (stands.description, stands.reported) == ("", "degraded")
    assert stands.pages == {partner_page()}

    # What was typed is still there, and its author may have it their way now.
    assert 'value="Interface"' in screen
    again = opened | {"seen": seen_on(screen)}
    assert console.post(where(api), again).status_code == 302
    stands = Description.of(component("Interface"))
    assert stands.pages == {default_page(), partner_page()}
    assert (stands.reported, stands.monitors) == ("operational", frozenset())


def test_a_name_is_not_taken_back_by_who_describes_the_component(console: Client) -> None:
    api = component()
    opened = sent(api, description="What programs call")
    change_component(api, name="Interface", by=STAFF)
    screen = console.post(where(api), opened).content.decode()
    assert "it is called “Interface”, has no description." in screen
    assert component("Interface").description == ""


def test_a_second_click_saves_once_and_complains_of_nothing(console: Client) -> None:
    api = component()
    watched = [Monitor.objects.get().pk]
    pasted = "What\u200e programs\x07 call"
    opened = sent(api, name="  Public   API ", position=7, monitors=watched, description=pasted)
    for _ in range(2):
        assert console.post(where(api), opened).status_code == 302
    told = AuditEntry.objects.filter(subject_id=api.pk).values_list("action", flat=True)
    assert sorted(told) == ["component.added", "component.changed", "component.watched"]


def test_who_only_reads_sees_what_is_said_and_no_form_of_it(bobs_console: Client) -> None:
    api = component()
    report_state(api, state="degraded", by=STAFF)
    watch_with(api, [Monitor.objects.get()], by=STAFF)
    screen = " ".join(strip_tags(bobs_console.get(where(api)).content.decode()).split())
    assert "State apart from incidents ◐ Degraded" in screen
    assert "Watched by api probe" in screen
    assert "Shown on Acme" in screen
    page = bobs_console.get(f"/admin/incidents/page/{default_page().pk}/change/")
    assert "Seen" not in screen + strip_tags(page.content.decode())
