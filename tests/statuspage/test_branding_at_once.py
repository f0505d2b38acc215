"""Two people with the form of a page's look open: the second reads what the first made of it."""

from typing import Any

import pytest
from django.test import Client

from atender.meanwhile import ChangedMeanwhile
from statuspage.look.branding import change_branding
from statuspage.look.pictures import LOGO, keep_picture
from statuspage.look.seeing import check_seen, seen_of
from statuspage.models import Branding
from tests.console.at_once import is_told_first, seen_in
from tests.factories import STAFF, default_page
from tests.statuspage.test_pictures import branding_form, png, upload


def where() -> str:
    return f"/admin/statuspage/branding/{default_page().pk}/change/"


def sent(screen: str, **fields: Any) -> dict[str, Any]:
    """The form as a browser sends it untouched, with changes."""
    asked = {"takes_subscribers": "on", "takes_questions": "on", "counts_maintenance_as_up": "on"}
    return branding_form(**asked, seen=seen_in(screen), **fields)


@pytest.mark.usefixtures("acme")
def test_a_look_that_was_not_read_is_not_replaced() -> None:
    page = default_page()
    seen = seen_of(page.branding)
    changed = change_branding(page, title="Acme at work", further_languages=["de", "ar"], by=STAFF)
    with pytest.raises(ChangedMeanwhile, match="Where yours differs, it is titled “Acme at work”"):
        change_branding(page, title="Acme", seen=seen, by=STAFF)
    assert Branding.objects.get(page=page).title == "Acme at work"
    # It is as it was wanted, in whichever order, and who saw it may change it.
    same = {"title": "Acme at work", "further_languages": ["ar", "de"]}
    change_branding(page, seen=seen, by=STAFF, **same)
    assert change_branding(page, title="", seen=seen_of(changed), by=STAFF).title == ""


def test_a_look_that_a_colleague_changed_is_read_first(console: Client) -> None:
    fields = sent(console.get(where()).text, description="How Acme fares", history_days=90)
    change_branding(default_page(), takes_subscribers=False, time_zone="Europe/Lisbon", by=STAFF)
    told = (
        "Nothing was saved: somebody changed how this page looks and speaks since you opened it. "
        "Where yours differs, it has no description, has the time zone Europe/Lisbon, has a "
        "history of 365 days, takes no new subscribers. Its pictures are shown below as they are. "
        "Save again if"
    )
    is_told_first(console, where(), fields, told, status=200)
    branding = Branding.objects.get(page=default_page())
    assert (branding.description, branding.takes_subscribers) == ("How Acme fares", True)
    assert (branding.time_zone, branding.history_days) == ("UTC", 90)


def test_a_logo_that_a_colleague_uploaded_is_not_removed_unread(console: Client) -> None:
    first = keep_picture(png(), field="logo", box=LOGO)
    change_branding(default_page(), logo=first, by=STAFF)
    fields = sent(console.get(where()).text, removes_logo="on")
    second = keep_picture(png(300, 200), field="logo", box=LOGO)
    change_branding(default_page(), logo=second, by=STAFF)
    again = sent(console.get(where()).text)["seen"]
    told = "it has a logo. Its pictures are shown below as they are. Save again"
    is_told_first(console, where(), fields, told, status=200)
    assert Branding.objects.get(page=default_page()).logo is None

    # A browser sends no file a second time.
    fields = sent(console.get(where()).text) | {"seen": again}
    third = fields | {"logo_file": upload(png(200, 200))}
    refused = console.post(where(), third)
    assert "it has no logo. Its pictures are shown below as they are; choose yours" in refused.text
    assert Branding.objects.get(page=default_page()).logo is None
    other = keep_picture(png(100, 100), field="logo", box=LOGO)
    change_branding(default_page(), logo=other, by=STAFF)
    third["logo_file"] = upload(png(200, 200))
    assert "it has another logo. Its" in console.post(where(), third | {"seen": "x"}).text


@pytest.mark.usefixtures("acme")
def test_what_a_page_leads_to_no_more_is_said() -> None:
    links = {"support_url": "https://help.example", "privacy_url": "https://privacy.example"}
    stands = Branding(page=default_page(), shows_powered_by=False, recency_days=1)
    wanted = Branding(page=default_page(), **links)
    told = (
        "it shows incidents for 1 day after their end, links to no support, links to no privacy "
        "notice, does not say what it runs on. Its"
    )
    with pytest.raises(ChangedMeanwhile, match=told):
        check_seen(stands, wanted, seen="x")


def test_who_saves_twice_is_told_nothing(console: Client) -> None:
    fields = sent(console.get(where()).text, title="Acme at work")
    for _ in range(2):
        assert console.post(where(), fields).status_code == 302


def test_who_only_reads_carries_nothing(bobs_console: Client) -> None:
    assert 'name="seen"' not in bobs_console.get(where()).text
