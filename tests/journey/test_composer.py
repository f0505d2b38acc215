"""An outage at three in the morning, by keys alone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journey.conftest import Demo
from tests.journey.test_main_job import sign_in

TITLE = "Tracking API is very slow"
UNNAMED = """
Array.from(document.querySelectorAll("input, select, textarea, button, a[href], iframe"))
  .filter((e) => e.type !== "hidden" && !e.hidden && e.getClientRects().length)
  .filter((e) => !(e.labels?.length || e.ariaLabel || e.title || e.textContent.trim()
    || e.getAttribute("aria-labelledby")))
  .map((e) => e.outerHTML)
"""


@pytest.fixture
def incident(page: Page, demo: Demo) -> Iterator[str]:
    """The workspace of an incident that was opened by keys; closed again afterwards."""
    sign_in(page, demo, demo.globex)
    # A key that is pressed before the scripts are there is nobody's.
    page.wait_for_load_state("networkidle")
    page.keyboard.press("n")
    expect(page.locator("#id_title")).to_be_focused()
    page.keyboard.type(TITLE)
    expect(page.locator("#title-hint")).to_contain_text("Finds it by this title")
    page.locator("input[name=severity][value=minor]").focus()
    page.keyboard.press("Space")
    page.locator("#id_body").focus()
    page.keyboard.type("Requests take a minute.")
    story = page.frame_locator("iframe.public").locator("body")
    expect(story).to_contain_text(TITLE)
    expect(story).to_contain_text("Requests take a minute.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    found = re.search(r"/incident/([0-9A-Z]{26})/", page.url)
    assert found
    yield page.url
    host, key = demo.globex["console"], demo.globex["api_key"]
    demo.call(host, f"/api/v1/incidents/{found[1]}/updates", {"status": "resolved"}, key)


def entries(page: Page) -> int:
    return page.locator(".timeline > .entry").count()


def test_keys_alone(page: Page, incident: str) -> None:
    expect(page.locator("#id_body")).to_be_focused()
    page.keyboard.type("We saw p99 rise.\nSecond <b>line</b>")
    story = page.frame_locator("iframe.public").locator("#u-new")
    expect(story).to_contain_text("Second <b>line</b>")
    expect(story).to_contain_text("Identified")
    expect(page.locator("#body-jargon")).to_contain_text("the slowest requests")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator(".notes")).to_contain_text("It is posted. Customers may not know “p99”")
    assert entries(page) == 2
    expect(page.locator(".work-head")).to_contain_text("Investigating")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Still working on it")
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    expect(page.locator("[data-primary]")).to_be_focused()


def test_looking_at_a_button_posts_nothing(page: Page, incident: str) -> None:
    before = entries(page)
    for button in page.locator("form.composer button:visible").all():
        button.focus()
        button.hover()
        page.wait_for_timeout(250)
    page.get_by_role("button", name="Still working on it").focus()
    expect(page.locator("#preview-note")).to_contain_text("As “Investigating”")
    page.reload()
    assert entries(page) == before


def test_single_keys_can_be_switched_off(page: Page, incident: str) -> None:
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.get_by_role("checkbox", name="Single keys work in this browser").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("h")
    page.wait_for_timeout(300)
    assert page.url == incident


@pytest.mark.parametrize("path", ["", "/admin/", "/admin/incidents/incident/add/"])
def test_every_control_has_a_name(page: Page, demo: Demo, incident: str, path: str) -> None:
    if path:
        page.goto(demo.at(demo.globex["console"], path))
    assert page.evaluate(UNNAMED) == []


def test_without_scripts(page: Page, browser: Browser, incident: str) -> None:
    context = browser.new_context(
        java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()
    plain.goto(incident)
    plain.fill("#id_body", "Typed without scripts.")
    plain.get_by_role("button", name="Preview").click()
    story = plain.frame_locator("iframe.public").locator("#u-new")
    expect(story).to_contain_text("Typed without scripts.")
    expect(plain.locator("#id_body")).to_have_value("Typed without scripts.")
    plain.get_by_role("button", name="Post as Identified").click()
    # What can be taken back is gone after three seconds, on a busy machine before it is seen.
    expect(plain.locator(".timeline")).to_contain_text("Typed without scripts.")
    expect(plain.locator(".work-head")).to_contain_text("Identified")
    context.close()
