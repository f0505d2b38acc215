"""How a visitor reads: in the own time zone, without a reload, by keys alone, on paper."""

import urllib.request
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.edge.serving import until
from tests.journey.busy import SLOW, Company, Day, busy_day
from tests.journey.conftest import Demo
from tests.journey.test_main_job import sign_in

REACHABLE = """() => [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, iframe, [tabindex='0']")]
  .filter(each => each.tabIndex >= 0 && !each.disabled && each.type !== "hidden")
  .filter(each => each.checkVisibility({visibilityProperty: true}))
  .filter(each => each.type !== "radio" || each.checked)
  .forEach(each => { each.dataset.unmet = "" })"""
# Whether what has the focus can be told from what has not.
MEET = """() => {
  const here = document.activeElement;
  const shows = (each) => {
    const style = getComputedStyle(each);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
      || style.boxShadow !== "none";
  };
  delete here.dataset.unmet;
  if (shows(here) || shows(here.parentElement)) here.dataset.shown = "";
  else if (here !== document.body && here.localName !== "iframe") here.dataset.unseen = "";
}"""
# What has the focus where something else lies over the middle of it.
HIDDEN = """() => {
  const here = document.activeElement, box = here.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const isSeen = top && (here.contains(top) || top.contains(here));
  return isSeen ? "" : here.outerHTML.slice(0, 160);
}"""
WORDS = "all => all.map(each => each.outerHTML.slice(0, 160))"


@pytest.fixture(scope="module")
def day(demo: Demo) -> Iterator[Day]:
    with busy_day(Company(demo, demo.acme)) as day:
        yield day


def visit(browser: Browser, zone: str, address: str) -> Page:
    page = browser.new_context(timezone_id=zone, locale="en-US").new_page()
    page.goto(address)
    return page


def test_times_are_the_visitors_own(browser: Browser, demo: Demo, day: Day) -> None:
    address = demo.at(demo.acme["page"], f"/incidents/{day.slow}")
    own = visit(browser, "America/New_York", address)
    said = own.locator(".timeline time").last
    at = datetime.fromisoformat(said.get_attribute("datetime") or "")
    expect(said).to_contain_text(f"{at.astimezone(ZoneInfo('America/New_York')):%H:%M %Z}")
    berlin = f"{at.astimezone(ZoneInfo('Europe/Berlin')):%H:%M %Z}"
    assert berlin in (said.get_attribute("title") or "")
    expect(own.locator(".bottom")).to_contain_text("Times are in America/New York.")
    # A zone without letters of its own is called as the server calls it.
    nameless = visit(browser, "Asia/Kathmandu", address).locator(".timeline time").last
    expect(nameless).to_contain_text(f"{at.astimezone(ZoneInfo('Asia/Kathmandu')):%H:%M} UTC+0545")
    neighbour = visit(browser, "Europe/Paris", address)
    expect(neighbour.locator(".timeline time").last).to_contain_text(berlin)
    expect(neighbour.locator(".bottom")).to_contain_text("Times are in Europe/Berlin.")


def test_a_window_is_told_in_one_piece(browser: Browser, demo: Demo, day: Day) -> None:
    address = demo.at(demo.acme["page"], f"/maintenance/{day.planned}")
    said = visit(browser, "Asia/Kolkata", address).locator(".window").first
    window = Company(demo, demo.acme).get(f"/maintenances/{day.planned}")
    zone = ZoneInfo("Asia/Kolkata")
    for end in ("scheduled_for", "scheduled_until"):
        expect(said).to_contain_text(
            f"{datetime.fromisoformat(window[end]).astimezone(zone):%H:%M}"
        )
    expect(said).to_contain_text("IST")


def test_a_receipt_keeps_its_date_in_the_visitors_own_time(browser: Browser, demo: Demo) -> None:
    company = Company(demo, demo.acme)
    quietly: dict[str, Any] = {"status_page_ids": company.pages, "notify": False}
    incident = company.post("/incidents", title=SLOW, **quietly)["id"]
    company.post(f"/incidents/{incident}/updates", status="resolved", notify=False)
    shared = company.post(f"/incidents/{incident}/receipt/share")["share_url"]
    said = visit(browser, "Asia/Kolkata", shared).locator("main time").first
    at = datetime.fromisoformat(said.get_attribute("datetime") or "")
    day = at.astimezone(ZoneInfo("Asia/Kolkata"))
    expect(said).to_contain_text(f"{day:%Y}, {day:%H:%M} IST")


def test_without_scripts_times_are_the_pages(browser: Browser, demo: Demo, day: Day) -> None:
    context = browser.new_context(java_script_enabled=False, timezone_id="America/New_York")
    page = context.new_page()
    page.goto(demo.at(demo.acme["page"]))
    expect(page.locator("#as-of time")).to_contain_text("CE")


def test_the_page_keeps_itself_fresh(page: Page, demo: Demo, day: Day) -> None:
    company = Company(demo, demo.acme)
    for number in range(4):
        text = f"{number + 1} of 4 replicas have caught up."
        company.post(f"/incidents/{day.slow}/updates", body=text, notify=False)
    wait_until_served(demo, text)
    page.clock.install()
    page.goto(demo.at(demo.acme["page"]))
    story = page.locator("[aria-labelledby=open] article", has_text=SLOW)
    story.locator("summary").click()
    email = page.locator("input[type=email]")
    email.fill("reader@exam")
    place = page.locator("#recent")
    before = top_of(place)
    assert page.evaluate("window.scrollY") > 0
    company.post(f"/incidents/{day.slow}/updates", body="All have caught up.", notify=False)
    wait_until_served(demo, "All have caught up.")

    with page.expect_response(demo.at(demo.acme["page"])):
        page.clock.fast_forward(31_000)

    expect(story).to_contain_text("All have caught up.")
    expect(story.locator("details")).to_have_attribute("open", "")
    expect(email).to_have_value("reader@exam")
    expect(email).to_be_focused()
    assert abs(top_of(place) - before) < 2


def wait_until_served(demo: Demo, words: str) -> None:
    asked = urllib.request.Request(demo.base, headers={"Host": demo.acme["page"]})
    until(lambda: words.encode() in urllib.request.urlopen(asked).read())


def top_of(locator: Locator) -> float:
    """Where it is in the window, in pixels."""
    return float(locator.evaluate("each => each.getBoundingClientRect().top"))


def walk(page: Page) -> list[str]:
    """Press Tab until all was met; returns what shows no focus at any of its stops."""
    page.evaluate(REACHABLE)
    for _ in range(page.locator("[data-unmet]").count() * 2 + 40):
        page.keyboard.press("Tab")
        page.evaluate(MEET)
        if not page.locator("[data-unmet]").count():
            break
    assert page.locator("[data-unmet]").evaluate_all(WORDS) == []
    unseen: list[str] = page.locator("[data-unseen]:not([data-shown])").evaluate_all(WORDS)
    return unseen


def test_keys_reach_everything_on_the_page(page: Page, demo: Demo, day: Day) -> None:
    page.goto(demo.at(demo.acme["page"]))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the status")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the status")).to_be_in_viewport()
    assert walk(page) == []


@pytest.mark.parametrize("screen", ["workspace", "new incident", "new maintenance", "Now"])
def test_keys_reach_everything_in_the_console(
    page: Page, demo: Demo, day: Day, screen: str
) -> None:
    sign_in(page, demo, demo.acme)
    paths = {
        "workspace": f"incidents/incident/{day.slow}/change/",
        "new incident": "incidents/incident/add/",
        "new maintenance": "incidents/maintenance/add/",
        "Now": "",
    }
    page.goto(demo.at(demo.acme["console"], f"/admin/{paths[screen]}"))
    page.locator("body").evaluate("() => document.activeElement.blur()")
    assert walk(page) == []


def test_what_has_the_focus_is_not_beneath_the_bar(page: Page, demo: Demo) -> None:
    sign_in(page, demo, demo.acme)
    page.set_viewport_size({"width": 1280, "height": 700})
    page.goto(demo.at(demo.acme["console"], "/admin/assist/embeddingmodel/add/"))
    page.locator("[name=base_url]").focus()
    for _field in range(18):
        page.keyboard.press("Tab")
        assert page.evaluate(HIDDEN) == ""
    expect(page.locator("[name=languages]").last).to_be_in_viewport()


def test_the_menu_shows_where_one_is_and_stays_there(page: Page, demo: Demo) -> None:
    sign_in(page, demo, demo.acme)
    page.set_viewport_size({"width": 1280, "height": 700})
    page.goto(demo.at(demo.acme["console"], "/on-call/channels/"))
    here = page.locator("#nav-sidebar-apps [aria-current=page]")
    expect(here).to_be_in_viewport(ratio=1)
    page.get_by_role("link", name="Embedding model", exact=True).click()
    expect(here).to_have_attribute("href", "/admin/assist/embeddingmodel/")
    expect(here).to_be_in_viewport(ratio=1)
    scrolled = "document.getElementById('nav-sidebar-apps').scrollTop"
    place = page.evaluate(scrolled)
    page.get_by_role("link", name="Language model", exact=True).click()
    expect(here).to_have_attribute("href", "/admin/assist/languagemodel/")
    expect(here).to_be_in_viewport(ratio=1)
    page.wait_for_function(f"Math.abs({scrolled} - {place}) < 2")
    # On a narrow screen it is opened first.
    page.set_viewport_size({"width": 390, "height": 600})
    page.reload()
    page.get_by_role("button", name="Menu", exact=True).click()
    expect(here).to_be_in_viewport(ratio=1)


def test_on_paper(page: Page, demo: Demo, day: Day) -> None:
    page.emulate_media(color_scheme="dark", media="print")
    page.goto(demo.at(demo.acme["page"]))
    for hidden in ("header nav", ".subscribe", ".skip"):
        expect(page.locator(hidden)).not_to_be_visible()
    story = page.locator("[aria-labelledby=open] article", has_text=SLOW)
    expect(story.get_by_text("About one checkout")).to_be_visible()
    colour = "each => getComputedStyle(each).color"
    assert page.locator("h2").first.evaluate(colour) == "rgb(26, 33, 41)"
    assert len(page.pdf()) > 10_000


def test_reports_on_paper_and_on_a_phone(page: Page, demo: Demo, day: Day) -> None:
    sign_in(page, demo, demo.acme)
    page.goto(demo.at(demo.acme["console"], "/assist/reports/"))
    drawn = page.locator("#incidents")
    page.set_viewport_size({"width": 390, "height": 844})
    letters = drawn.locator("svg:visible text").first
    scale = "each => each.getScreenCTM().a * parseFloat(getComputedStyle(each).fontSize)"
    assert letters.evaluate(scale) >= 11
    page.emulate_media(media="print")
    for hidden in (".skip-link", ".head-menu", "#nav-sidebar", ".report-range"):
        expect(page.locator(hidden).first).not_to_be_visible()
    assert drawn.locator("svg:visible").count() == 1
    # Who reads light letters on a dark screen reads dark ones on paper.
    ink = "each => getComputedStyle(each).color"
    title = drawn.locator("h2").first
    on_paper = title.evaluate(ink)
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator("html")).to_have_class("dark")
    assert title.evaluate(ink) == on_paper
    # Nor is the surface printed on which a button has white letters.
    page.goto(demo.at(demo.acme["console"], "/admin/"))
    assert page.locator(".btn.primary").first.evaluate(ink) != "rgb(255, 255, 255)"
