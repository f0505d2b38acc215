"""A customer is erased while somebody answers them."""

from playwright.sync_api import Page, expect

from tests.journey.conftest import Demo
from tests.journey.test_main_job import sign_in
from tests.journey.test_sidekick import SLOW, Talk, complained, talk

__all__ = ["talk"]


def test_what_is_erased_leaves_the_desk_and_the_list_lives_on(
    page: Page, demo: Demo, talk: Talk
) -> None:
    conversation_id = talk.begins("erased")
    sign_in(page, demo, demo.acme)
    troubles = complained(page)
    page.goto(demo.at(demo.acme["console"], f"/sidekick/{conversation_id}/"))
    page.get_by_label("Your reply").fill("Dear customer")
    talk.company.post("/subscribers/erase", email="erased@example.com")
    thread = page.locator("#thread")
    expect(thread).to_contain_text("This conversation was erased or forgotten.")
    expect(page.locator("#said")).to_contain_text("erased or forgotten")
    for place in (thread, page.locator("#panel")):
        expect(place).not_to_contain_text(SLOW)
    expect(page.locator(f"#row-{conversation_id}")).to_have_count(0)
    # What is being written can still be copied.
    expect(page.get_by_label("Your reply")).to_have_value("Dear customer")
    beside_it = talk.begins("after-it")
    expect(page.locator(f"#row-{beside_it}")).to_be_visible()
    thread.get_by_role("link", name="All conversations").click()
    expect(page.locator("#thread")).to_have_count(0)
    assert not [said for said in troubles if "404" not in said]
