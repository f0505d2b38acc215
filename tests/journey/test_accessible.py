"""axe finds nothing: every kind of page a visitor meets, every screen of the console."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, Page, expect

from statuspage.edge.stale import Since, rewritten
from tests.edge.serving import until
from tests.journey.axe import TWO_LOOKS, complaints
from tests.journey.busy import SLOW, Company, Day, busy_day
from tests.journey.conftest import Demo
from tests.journey.test_main_job import link_in, sign_in
from tests.journey.test_sidekick import Talk

READER = "reader@example.com"
WAVE = "Login is not working"
PASSWORD = "a pass phrase of partners"
# Programs, files and ways out: nothing that a person reads here.
NO_SCREENS = re.compile(r"/(api|static|mailbox/[^/]+/(html|raw))\b|/(logout|export)/|\.csv$")


@pytest.fixture(scope="module")
def company(demo: Demo) -> Company:
    return Company(demo, demo.acme)


@pytest.fixture(scope="module")
def day(company: Company) -> Iterator[Day]:
    with busy_day(company) as day:
        yield day


@pytest.fixture
def wave(company: Company, day: Day) -> Iterator[None]:
    """Five customers complain of what nothing open explains."""
    talk = Talk(company, day.slow)
    opened = [talk.begins(f"login-{number}", "I can't log in") for number in range(5)]
    until(lambda: company.get("/waves")["data"])
    yield
    for conversation_id in opened:
        company.patch(f"/conversations/{conversation_id}", open=False)


@pytest.fixture
def reader(browser: Browser) -> Iterator[Page]:
    """A page that lets axe in where the policy lets nothing in; no script on it may fail."""
    context = browser.new_context(bypass_csp=True, timezone_id="UTC")
    page, failed = context.new_page(), list[str]()
    page.on("pageerror", lambda error: failed.append(f"{page.url}: {error}"))
    yield page
    context.close()
    assert failed == []


def test_pages_that_visitors_read(reader: Page, demo: Demo, day: Day) -> None:
    company = Company(demo, demo.acme)
    closed = company.get("/incidents?status=resolved&limit=200")["data"]
    told = next(each["id"] for each in closed if has_post_mortem(demo, each["id"]))
    found = []
    for path in (
        "/",
        "/history",
        f"/incidents/{day.slow}",
        f"/incidents/{told}",
        f"/maintenance/{day.running}",
        f"/maintenance/{day.planned}",
        "/nowhere",
        "/subscriptions/no-such-token",
    ):
        reader.goto(demo.at(demo.acme["page"], path))
        found += complaints(reader)
    reader.goto(demo.at(demo.acme["page"], "/check"))
    found += complaints(reader, TWO_LOOKS)
    reader.fill("textarea[name=text]", "the checkout is very slow")
    reader.get_by_role("main").get_by_role("button").click()
    expect(reader.get_by_role("main").get_by_role("heading", level=2)).to_have_text(SLOW)
    found += complaints(reader, TWO_LOOKS)
    reader.goto(demo.at(demo.globex["page"]))
    expect(reader.locator("h1")).to_contain_text("All Systems Operational")
    found += complaints(reader)
    reader.goto(demo.base)
    found += complaints(reader)
    assert found == [], "\n".join(found)


def has_post_mortem(demo: Demo, incident_id: str) -> bool:
    path = f"/api/v1/incidents/{incident_id}/postmortem"
    status, answer = demo.call(demo.acme["console"], path, key=demo.acme["api_key"])
    return status == 200 and answer["status"] == "published"


def test_a_page_whose_data_is_old(reader: Page, demo: Demo) -> None:
    """As the edge writes it where the database does not answer."""
    address = demo.at(demo.globex["page"])
    fresh = reader.goto(address)
    assert fresh
    # Its time is in the page's zone until the script tells the visitor's own, as all times there.
    since = Since(datetime.now(UTC).replace(hour=14, minute=3), "15:03 CET")
    old = rewritten(fresh.body(), "text/html", since, True)
    reader.route(address, lambda route: route.fulfill(body=old, content_type="text/html"))
    reader.goto(address)
    expect(reader.locator(".stale")).to_contain_text("14:03 UTC")
    expect(reader.locator("h1")).to_contain_text("Not known")
    found = complaints(reader)
    assert found == [], "\n".join(found)


def test_the_way_of_a_subscriber(reader: Page, demo: Demo, company: Company, day: Day) -> None:
    found = []
    reader.goto(demo.at(demo.acme["page"], f"/incidents/{day.slow}"))
    reader.fill("input[type=email]", READER)
    reader.get_by_role("button", name="Subscribe").click()
    expect(reader.locator("h1")).to_contain_text("inbox")
    found += complaints(reader)
    reader.goto(link_in(demo.wait_for_mails(READER, 1)[0], "verify"))
    found += complaints(reader)
    reader.get_by_role("main").get_by_role("button").click()
    found += complaints(reader)
    company.post(f"/incidents/{day.slow}/updates", body="Half of it is done.")
    left = link_in(demo.wait_for_mails(READER, 2)[1], "unsubscribe")
    reader.goto(left)
    found += complaints(reader)
    reader.get_by_role("main").get_by_role("button").click()
    found += complaints(reader)
    reader.goto(demo.at(demo.acme["page"]))
    reader.locator("form[action='/subscribe']").evaluate("form => { form.noValidate = true }")
    reader.fill("input[type=email]", "no address")
    reader.get_by_role("button", name="Subscribe").click()
    found += complaints(reader)
    assert found == [], "\n".join(found)


def test_a_page_behind_a_password(reader: Page, demo: Demo) -> None:
    sign_in(reader, demo, demo.acme)
    settings = reader.goto(demo.at(demo.acme["console"], "/admin/statuspage/access/"))
    assert settings
    reader.get_by_role("link", name=re.compile("for partners")).first.click()
    reader.locator("select[name=visibility]").select_option("password")
    reader.fill("input[name=password]", PASSWORD)
    reader.get_by_role("button", name="Save", exact=True).click()
    reader.goto(demo.at(demo.acme["partner_page"]))
    found = complaints(reader)
    reader.fill("input[name=password]", "not this one")
    reader.get_by_role("main").get_by_role("button").click()
    found += complaints(reader)
    assert found == [], "\n".join(found)


@pytest.mark.usefixtures("wave")
def test_screens_of_the_console(reader: Page, demo: Demo, day: Day) -> None:
    """Everything that links lead to, one of each kind, and an incident in every state."""
    host = demo.acme["console"]
    incident, planned = "/admin/incidents/incident", "/admin/incidents/maintenance"
    reader.goto(demo.at(host, "/admin/login/"))
    found = complaints(reader)
    reader.goto(demo.at(host, "/password-reset/"))
    found += complaints(reader)
    sign_in(reader, demo, demo.acme)
    expect(reader.locator(".wave h3")).to_contain_text("Login")
    found += complaints(reader)
    company = Company(demo, demo.acme)
    explains = company.post("/incidents", title="Customers cannot log in", severity="minor")["id"]
    until(lambda: not company.get("/waves")["data"])
    reader.reload()
    found += complaints(reader, TWO_LOOKS, without="#nav-sidebar")
    reader.get_by_role("button", name="Something else").click()
    company.post(f"/incidents/{explains}/updates", status="resolved")
    reader.get_by_role("button", name=f"Dismiss {WAVE}", exact=True).click()
    undo = reader.get_by_role("button", name=f"Undo the dismissal of {WAVE}", exact=True)
    expect(undo).to_be_visible()
    found += complaints(reader, TWO_LOOKS, without="#nav-sidebar")
    undo.click()
    found += dismissed_at_the_desk(reader, demo)
    waiting = [
        *(f"{incident}/{each}/change/" for each in (day.slow, day.late, day.internal)),
        *(f"{planned}/{each}/change/" for each in (day.running, day.planned)),
        *("/admin/nowhere/", f"{incident}/?q=nothing+like+it"),
    ]
    kinds: set[str] = set()
    while waiting:
        reader.goto(demo.at(host, waiting.pop(0)))
        found += complaints(reader, TWO_LOOKS, without="#nav-sidebar")
        for path in links_on(reader):
            kind = kind_of(path)
            if kind not in kinds:
                kinds.add(kind)
                waiting.append(path)
    assert {"admin:incidents_incident_add", "admin:staff_invite", "account"} <= kinds
    assert found == [], "\n".join(found)


def test_colours_of_the_console_follow_the_system_while_it_is_open(
    reader: Page, demo: Demo
) -> None:
    sign_in(reader, demo, demo.acme)
    frame = reader.locator("html")
    light, dark = TWO_LOOKS
    for look, classes in ((dark, "dark"), (light, ""), (dark, "dark")):
        reader.emulate_media(color_scheme=look.scheme)
        expect(frame).to_have_class(classes)
        assert reader.evaluate("localStorage.adminTheme") == '"auto"'
    # A choice that was lost once is the system's again.
    reader.evaluate("""localStorage.adminTheme = '""'""")
    reader.reload()
    expect(frame).to_have_class("dark")
    # Who chose one keeps it.
    reader.locator(".account > summary").click()
    reader.get_by_role("button", name="Light", exact=True).click()
    for look in (light, dark):
        reader.emulate_media(color_scheme=look.scheme)
        # What the change sets off is over a round after the next picture.
        reader.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        expect(frame).to_have_class("light")
        assert reader.evaluate("localStorage.adminTheme") == '"light"'
    reader.get_by_role("button", name="System", exact=True).click()
    expect(frame).to_have_class("dark")


def dismissed_at_the_desk(page: Page, demo: Demo) -> list[str]:
    page.goto(demo.at(demo.acme["console"], "/sidekick/"))
    page.get_by_role("button", name=f"Dismiss {WAVE}", exact=True).click()
    undo = page.get_by_role("button", name="Undo the dismissal of the wave", exact=True)
    expect(undo).to_be_visible()
    return complaints(page)


def links_on(page: Page) -> list[str]:
    """Paths on the same host that the page links to."""
    found = page.eval_on_selector_all("a[href]", "all => all.map(each => each.href)")
    links = [urlsplit(each) for each in found]
    here = urlsplit(page.url).netloc
    return [each.path for each in links if each.netloc == here and not NO_SCREENS.search(each.path)]


def kind_of(path: str) -> str:
    try:
        return resolve(path, "atender.urls.console").view_name
    except Resolver404:
        raise AssertionError(f"A link leads nowhere: {path}") from None
