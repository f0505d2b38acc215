"""Customers are answered by keys alone at our desk, and by clicks in somebody else's."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journey.axe import TWO_LOOKS, complaints
from tests.journey.busy import Company
from tests.journey.conftest import Demo
from tests.journey.test_main_job import sign_in

TITLE = "API response times degraded"
SLOW = "your api is super slow today"


@dataclass
class Talk:
    company: Company
    incident_id: str

    def begins(self, external_id: str, text: str = SLOW) -> str:
        opened = self.company.post(
            "/conversations",
            external_id=external_id,
            channel="chat",
            customer_email=f"{external_id}@example.com",
            address_proved=True,
            handled_by="human",
        )
        conversation_id: str = opened["id"]
        self.says(conversation_id, "1", text)
        return conversation_id

    def says(self, conversation_id: str, external_id: str, text: str) -> None:
        path = f"/conversations/{conversation_id}/messages"
        self.company.post(path, external_id=external_id, author="customer", text=text)


@pytest.fixture(scope="module")
def talk(demo: Demo) -> Iterator[Talk]:
    company = Company(demo, demo.acme)
    incident = company.post(
        "/incidents",
        title=TITLE,
        severity="major",
        initial_update={"body": "Requests take up to a minute."},
        component_impacts=company.impacts("API"),
        status_page_ids=company.pages,
    )
    yield Talk(company, incident["id"])
    company.post(f"/incidents/{incident['id']}/updates", status="resolved", notify=False)


def complained(page: Page) -> list[str]:
    """What the browser says in its console: whatever the policy does not let through."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def test_by_keys_alone(page: Page, demo: Demo, talk: Talk) -> None:
    conversation_id = talk.begins("by-keys")
    sign_in(page, demo, demo.acme)
    troubles = complained(page)
    page.goto(demo.at(demo.acme["console"], "/sidekick/?q=by-keys"))
    page.keyboard.press("j")
    expect(page.locator(f"#row-{conversation_id}")).to_be_focused()
    page.keyboard.press("o")
    card = page.locator("#panel")
    expect(card).to_contain_text("Likely match")
    expect(page.locator("#thread mark").first).to_have_text("api")
    # Read by being open, without anybody's doing.
    expect(page.locator(".row.unread")).to_have_count(0)
    page.keyboard.press("l")
    expect(page.locator("#said")).to_contain_text("told by mail")
    expect(card.get_by_role("button", name="Undo link")).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator("#said")).to_contain_text("undone")
    page.keyboard.press("i")
    expect(page.locator("#text")).to_be_focused()
    assert f"“{TITLE}”" in page.locator("#text").input_value()
    page.keyboard.type(" Best, Alice")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread")).to_contain_text("Best, Alice")
    expect(page.locator("#text")).to_have_value("")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    # Without a reload, and without losing what is being written.
    page.fill("#text", "half a sent")
    talk.says(conversation_id, "2", "any news of it?")
    expect(page.locator("#thread")).to_contain_text("any news of it?")
    expect(page.locator("#text")).to_have_value("half a sent")
    assert troubles == []


def test_done_twice_by_mistake(page: Page, demo: Demo, talk: Talk) -> None:
    conversation_id = talk.begins("twice")
    sign_in(page, demo, demo.acme)
    troubles = complained(page)
    page.goto(demo.at(demo.acme["console"], f"/sidekick/{conversation_id}/"))
    panel, text = page.locator("#panel"), page.locator("#text")
    # The second click of a double one comes upon the button that undoes the first.
    panel.get_by_role("button", name="Link & subscribe").click()
    undo = panel.get_by_role("button", name="Undo link")
    undo.hover()
    page.mouse.down(click_count=2)
    page.mouse.up(click_count=2)
    page.wait_for_timeout(500)
    expect(page.locator("#said")).to_contain_text("told by mail")
    expect(undo).to_be_visible()
    insert = panel.get_by_role("link", name="Insert reply")
    insert.click()
    expect(text).to_have_value(re.compile(TITLE))
    insert.click()
    expect(page.locator("#said")).to_contain_text("already")
    assert text.input_value().count(TITLE) == 1
    # Nothing that was written besides is lost by taking the reply out, nor what it was changed to.
    page.keyboard.press("Control+End")
    page.keyboard.type(" In my own words.")
    page.get_by_role("button", name="Undo insert").click()
    expect(text).to_have_value("In my own words.")
    page.get_by_role("button", name="Put it back").click()
    expect(text).to_have_value(re.compile(f"{TITLE}.* In my own words.$", re.DOTALL))
    page.keyboard.press("Escape")
    # A key that is held down closes the conversation once.
    for _ in range(3):
        page.keyboard.down("c")
    page.keyboard.up("c")
    expect(page.locator("#said")).to_contain_text("Closed.")
    expect(page.get_by_role("button", name="Open again")).to_be_visible()
    assert troubles == []


@pytest.mark.parametrize(
    ("by_then", "left"), [("First. And second.", "And second."), ("1st.", "1st.")]
)
def test_what_is_written_while_a_reply_is_sent_stays(
    by_then: str, left: str, page: Page, demo: Demo, talk: Talk
) -> None:
    conversation_id = talk.begins(f"writes-on-{len(by_then)}")
    sign_in(page, demo, demo.acme)
    page.goto(demo.at(demo.acme["console"], f"/sidekick/{conversation_id}/"))
    page.evaluate(
        "words => document.getElementById('editor').addEventListener('htmx:beforeSend',"
        " () => { document.getElementById('text').value = words; })",
        by_then,
    )
    page.fill("#text", "First.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#thread")).to_contain_text("First.")
    expect(page.locator("#text")).to_have_value(left)


def test_what_is_not_allowed_any_more_is_said(page: Page, demo: Demo, talk: Talk) -> None:
    conversation_id = talk.begins("not-allowed")
    sign_in(page, demo, demo.acme)
    page.goto(demo.at(demo.acme["console"], f"/sidekick/{conversation_id}/"))
    expect(page.locator(f"#row-{conversation_id}:not(.unread)")).to_be_visible()
    # As after somebody signed in anew in another tab.
    page.evaluate(
        "document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach(e => e.value = 'x')"
    )
    page.fill("#text", "Not to be lost.")
    page.get_by_role("button", name="Link & subscribe").click()
    expect(page.locator("#said")).to_contain_text("Not done")
    expect(page.locator("#text")).to_have_value("Not to be lost.")


def test_a_desk_without_news_does_not_look_quiet(page: Page, demo: Demo, talk: Talk) -> None:
    conversation_id = talk.begins("cut-off")
    sign_in(page, demo, demo.acme)
    page.goto(demo.at(demo.acme["console"], f"/sidekick/{conversation_id}/"))
    page.locator("#panel").get_by_role("button", name="Link & subscribe").click()
    said = page.locator("#said")
    expect(said).to_contain_text("told by mail")
    news = re.compile(rf"/sidekick/{conversation_id}/$")
    for trouble in (lambda route: route.fulfill(status=503), lambda route: route.abort()):
        page.route(news, trouble)
        expect(said).to_have_text("No news reach the desk at present; trying again.")
        page.unroute(news)
        expect(said).to_contain_text("told by mail")


def test_the_page_ends_where_the_panes_end(page: Page, demo: Demo, talk: Talk) -> None:
    for number in range(12):
        talk.begins(f"long-list-{number}")
    sign_in(page, demo, demo.acme)
    page.set_viewport_size({"width": 1280, "height": 500})
    page.goto(demo.at(demo.acme["console"], "/sidekick/"))
    expect(page.locator("[data-row]").nth(11)).to_be_attached()
    assert page.evaluate("document.documentElement.scrollHeight") == 500


def test_without_a_script(page: Page, browser: Browser, demo: Demo, talk: Talk) -> None:
    conversation_id = talk.begins("without-a-script")
    sign_in(page, demo, demo.acme)
    context = browser.new_context(
        java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()
    plain.goto(demo.at(demo.acme["console"], f"/sidekick/{conversation_id}/"))
    plain.get_by_role("button", name="Link & subscribe").click()
    expect(plain.locator("#said")).to_contain_text("Linked.")
    plain.get_by_role("button", name="Undo link").click()
    expect(plain.locator("#said")).to_contain_text("undone")
    context.close()


def test_earlier_messages_stay_while_it_goes_on(page: Page, demo: Demo, talk: Talk) -> None:
    other, long = talk.begins("other-talk"), talk.begins("long-talk", "The very first.")
    for number in range(2, 103):
        talk.says(long, str(number), f"Number {number}.")
    sign_in(page, demo, demo.acme)
    troubles = complained(page)
    page.goto(demo.at(demo.acme["console"], f"/sidekick/{long}/?q=talk"))
    thread = page.locator("#thread")
    expect(thread).to_contain_text("Number 102.")
    expect(thread).not_to_contain_text("The very first.")
    page.keyboard.press("e")
    expect(thread).to_contain_text("The very first.")
    talk.says(long, "103", "The last one.")
    expect(thread).to_contain_text("The last one.")
    expect(thread).to_contain_text("The very first.")
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile(other))
    page.keyboard.press("i")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    expect(page.locator("#text")).to_have_value("")
    # What comes next is still a key, no letter of a reply.
    page.keyboard.press("d")
    expect(page.locator("#panel")).to_contain_text("Not about")
    assert troubles == []


def test_the_place_is_kept_whatever_is_done(page: Page, demo: Demo, talk: Talk) -> None:
    first, second, third = (talk.begins(f"kept-{number}") for number in (1, 2, 3))
    sign_in(page, demo, demo.acme)
    troubles = complained(page)
    page.goto(demo.at(demo.acme["console"], "/sidekick/?show=match&q=kept"))
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile(third))
    expect(page.locator("#thread")).to_be_focused()
    # Of the list is gone what was decided; the next one is still the next one.
    page.get_by_role("button", name="Not this").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".match.dismissed")).to_be_focused()
    expect(page.locator(f"#row-{third}")).to_have_count(0)
    page.keyboard.press("j")
    expect(page.locator(f"#row-{second}")).to_be_focused()
    page.keyboard.press("o")
    expect(page).to_have_url(re.compile(second))
    page.keyboard.press("r")
    page.keyboard.type("We are on it.")
    page.keyboard.press("Control+Shift+Enter")
    expect(page).to_have_url(re.compile(first))
    expect(page.locator("#ongoing")).to_contain_text("Investigating")
    assert troubles == []


def test_in_a_frame_of_another_site_without_cookies(page: Page, demo: Demo, talk: Talk) -> None:
    talk.begins("in-a-frame")
    troubles = complained(page)
    page.goto(f"{demo.base}/help-desk/?conversation=in-a-frame")
    panel = page.frame_locator("iframe")
    panel.get_by_role("link", name="Insert reply").click()
    editor = page.get_by_label("This help desk's own editor")
    expect(editor).to_have_value(re.compile(TITLE))
    panel.get_by_role("button", name="Undo insert").click()
    expect(editor).to_have_value("")
    panel.get_by_role("button", name="Link & subscribe").click()
    expect(panel.locator("#said")).to_contain_text("told by mail")
    panel.get_by_role("button", name="Undo link").click()
    expect(panel.locator("#said")).to_contain_text("undone")
    panel.get_by_role("button", name="Not this").click()
    expect(panel.locator("#panel")).to_contain_text("Not about")
    assert page.context.cookies() == []
    assert troubles == []


def test_axe_finds_nothing(browser: Browser, demo: Demo, talk: Talk) -> None:
    talk.begins("for-axe")
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(f"{demo.base}/help-desk/?conversation=for-axe")
    found = complaints(page, TWO_LOOKS)
    address = page.locator("iframe").get_attribute("src")
    assert address
    page.goto(address)
    found += complaints(page)
    page.get_by_role("link", name="Insert reply").click()
    expect(page.locator("#reply-text")).to_be_visible()
    found += complaints(page)
    sign_in(page, demo, demo.acme)
    for path in ("?q=for-axe", "?q=nothing+at+all", "?show=closed"):
        page.goto(demo.at(demo.acme["console"], f"/sidekick/{path}"))
        found += complaints(page, TWO_LOOKS)
    page.goto(demo.at(demo.acme["console"], "/sidekick/?q=for-axe"))
    page.locator("[data-row]").first.click()
    expect(page.locator("#panel")).to_contain_text("Likely match")
    found += complaints(page)
    context.close()
    assert found == [], "\n".join(found)
