"""A drill from its first minute to its scorecard, and that nothing of it leaves the drill."""

import ast
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

import assist.drills
from assist.drills import running
from assist.drills.clock import elapsed_s
from assist.drills.running import arrived
from assist.drills.scenarios import LENGTH_S, SCENARIOS, wave_of
from assist.drills.scoring import Beside, Told, score
from assist.models import Drill, DrillDecision, DrillUpdate
from atender.refusals import Refused
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from tests.factories import STAFF

T0 = timezone.now()
TITLE = "Card payments are declined at checkout"
BODY = "Since 14:02 card payments at checkout are declined for everybody. We look for the cause."
OWN = {Drill, DrillUpdate, DrillDecision}
# What may write elsewhere, send, publish or promise work.
BARRED = ("subscribers", "alerts", "monitors", "statuspage", "atender.due", "atender.outbound")
BARRED_TOO = ("incidents.lifecycle", "incidents.recording", "incidents.signals", "assist.stack")


def after(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def run_to(drill: Drill, start: int, end: int) -> Drill:
    """Look every twenty seconds, as an open browser does more often."""
    for at in range(start, end + 1, 20):
        drill = running.look(drill, at=after(at))
    return drill


def begin(scenario: str = "payments") -> Drill:
    return running.start_drill(scenario, by=STAFF, at=T0)


def tell(drill: Drill, at: float, status: str = "investigating", **said: object) -> DrillUpdate:
    words: dict[str, object] = {"title": TITLE, "body": BODY, **said}
    return running.tell_drill(drill, status=status, at=after(at), **words)  # type: ignore[arg-type]


def counts() -> dict[str, int]:
    models = [m for m in apps.get_models() if m not in OWN and m._meta.managed]
    return {m._meta.label: m._base_manager.count() for m in models}


def test_a_whole_drill_writes_nothing_but_itself(acme: Tenant) -> None:
    before = counts()
    drill = run_to(begin(), 0, 40)
    tell(drill, 45, promised_min=2)
    run_to(drill, 60, 200)
    cards = [one for one in arrived(drill, 200) if one.percent]
    assert cards
    for one in cards:
        running.decide(drill, one.written.number, is_linked=True, at=after(201))
    tell(drill, 205, "resolved", body="The failover is done; payments work again.")
    drill = run_to(drill, 220, LENGTH_S)
    assert counts() == before
    card = Drill.objects.get(pk=drill.pk).scorecard or {}
    assert (card["first_update_s"], card["longest_silence_s"]) == (45, 160)
    assert (card["promises_kept"], card["promises_missed"]) == (0, 1)
    assert card["jargon"] == ["failover"]
    assert card["is_resolved"]
    assert card["cards_linked"] == len([one for one in cards if one.written.is_about])


def test_nothing_in_it_knows_how_to_send() -> None:
    folder = Path(assist.drills.__path__[0])
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                assert not name.startswith((*BARRED, *BARRED_TOO)), (path.name, name)


def test_who_leaves_finds_the_clock_where_it_was(acme: Tenant) -> None:
    drill = run_to(begin(), 0, 100)
    drill = running.look(drill, at=after(5000))
    assert drill.going_since is None
    assert elapsed_s(drill, after(9000)) == 100
    with pytest.raises(Refused, match="stands still"):
        tell(drill, 9000)
    drill = running.continue_drill(drill, at=after(9000))
    assert elapsed_s(drill, after(9010)) == 110
    running.pause_drill(drill, at=after(9010))
    running.stop_drill(drill, at=after(9020))
    drill = running.stop_drill(drill, at=after(9999))
    assert (drill.is_open, drill.scorecard, drill.clock_s) == (None, None, 110)


def test_a_double_click_starts_one_and_ends_one(acme: Tenant) -> None:
    assert begin().pk == begin("sign-in").pk
    drill = running.end_drill(Drill.objects.get(), at=after(30))
    card = drill.scorecard
    assert running.end_drill(drill, at=after(60)).scorecard == card
    assert begin().pk != drill.pk
    with pytest.raises(Refused):
        begin("nonsense")


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"body": "  "},
        {"status": "completed"},
        {"promised_min": 0},
        {"body": "x" * 6000},
    ],
)
def test_what_is_no_update_leaves_nothing(acme: Tenant, wrong: dict[str, object]) -> None:
    drill = begin()
    words = {"title": TITLE, "body": BODY, "status": "investigating", **wrong}
    with pytest.raises(Refused):
        running.tell_drill(drill, at=after(5), **words)  # type: ignore[arg-type]
    assert not DrillUpdate.objects.exists()


def test_only_a_card_is_decided_about(acme: Tenant) -> None:
    drill = run_to(begin(), 0, 300)
    with pytest.raises(Refused, match="no card"):
        running.decide(drill, 0, is_linked=True, at=after(300))
    with pytest.raises(Refused, match="no card"):
        running.decide(drill, 9999, is_linked=True, at=after(300))
    running.end_drill(drill, at=after(301))
    with pytest.raises(Refused, match="over"):
        tell(drill, 302)


@pytest.mark.parametrize("name", SCENARIOS)
def test_each_wave_is_the_same_every_time_and_in_time(name: str) -> None:
    wave = wave_of(name)
    assert wave == wave_of.__wrapped__(name)
    assert all(0 < one.at_s < LENGTH_S for one in wave)
    assert sum(one.is_about for one in wave) == 14


def test_silence_missed_cards_and_vague_titles_show() -> None:
    wave = [
        Beside(is_about=True, has_card=True, is_linked=None),
        Beside(is_about=True, has_card=False, is_linked=None),
        Beside(is_about=False, has_card=True, is_linked=True),
    ]
    card = score([Told(300, "Service disruption", "b", 400, False)], wave, length_s=600)
    assert (card.cards_missed, card.not_found, card.wrongly_linked) == (1, 1, 1)
    assert (card.longest_silence_s, card.promises_missed) == (300, 1)
    assert card.vague_title
    silent = score([], [], length_s=600)
    assert (silent.first_update_s, silent.longest_silence_s) == (None, 600)


def test_what_was_resolved_and_began_again_is_not_over() -> None:
    told = [
        Told(30, "Cards are declined", "b", None, False),
        Told(100, "", "It works again.", None, True),
        Told(400, "", "It fails again.", None, False),
    ]
    again = score(told, [], length_s=520)
    assert (again.longest_silence_s, again.is_resolved) == (120, False)
    over = score(told[:2], [], length_s=520)
    assert (over.longest_silence_s, over.is_resolved) == (70, True)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 256}, "at most 255 characters"),
        ({"body": " "}, "Say something to customers."),
        ({"promised_min": "-4"}, "within 1 to 60 minutes"),
        ({"promised_min": "soon"}, "within 1 to 60 minutes"),
        ({"status": "completed"}, "Choose a status."),
    ],
)
def test_what_cannot_be_told_stays_in_the_form(
    console: Client, wrong: dict[str, str], sentence: str
) -> None:
    page = console.post("/assist/drills/", {"scenario": "payments"}, follow=True)
    path = page.redirect_chain[-1][0]
    said = {"deed": "tell", "title": TITLE, "body": BODY, "status": "identified", **wrong}

    answer = console.post(path, said)

    assert answer.status_code == 422
    html = answer.content.decode()
    assert sentence in html
    assert 'class="wrong"' in html
    if "body" not in wrong:
        assert BODY in html
    if "status" not in wrong:
        assert '<option value="identified" selected>' in html
    assert not DrillUpdate.objects.exists()


def test_staff_run_it_and_viewers_look(console: Client, bobs_console: Client) -> None:
    assert bobs_console.post("/assist/drills/", {"scenario": "payments"}).status_code == 403
    page = console.post("/assist/drills/", {"scenario": "payments"}, follow=True)
    path = page.redirect_chain[-1][0]
    assert "A drill." in page.content.decode()
    said = {"deed": "tell", "title": TITLE, "body": BODY, "status": "investigating"}
    told = console.post(path, {**said, "status": "identified"}, follow=True).content.decode()
    assert TITLE in told
    # The next update says the same status, unless another is chosen.
    assert '<option value="identified" selected>' in told
    assert console.post(path, {**said, "body": ""}).status_code == 422
    assert bobs_console.post(path, {"deed": "end"}).status_code == 403
    assert TITLE in bobs_console.get(f"{path}state/").content.decode()
    for deed in ("pause", "continue", "nonsense", "link"):
        assert console.post(path, {"deed": deed, "number": "x"}).status_code == 302
    assert "Scorecard" in console.post(path, {"deed": "end"}, follow=True).content.decode()
    assert console.get(f"{path}state/")["HX-Refresh"] == "true"
    listed = console.get("/assist/drills/").content.decode()
    assert f"{SCENARIOS['payments'].title}, " in listed


def test_the_scorecard_is_told_which_cards_were_missed(console: Client) -> None:
    with in_tenant("acme"):
        drill = begin()
        tell(drill, 10)
        run_to(drill, 20, 200)
        about = [o.written.number for o in arrived(drill, 200) if o.percent and o.written.is_about]
        linked, dismissed = about[:2]
        running.decide(drill, linked, is_linked=True, at=after(201))
        running.decide(drill, dismissed, is_linked=False, at=after(201))
        drill = running.end_drill(drill, at=after(202))
        html = console.get(f"/assist/drills/{drill.pk}/").content.decode()
    assert drill.scorecard
    assert html.count("· missed") == drill.scorecard["cards_missed"] == len(about) - 1
    assert html.count("dismissed · missed") == 1


def test_what_is_being_written_outlives_pause_cards_and_refusals(console: Client) -> None:
    page = console.post("/assist/drills/", {"scenario": "payments"}, follow=True)
    path = page.redirect_chain[-1][0]
    moving = {"hx-request": "true"}
    paused = console.post(path, {"deed": "pause"}, headers=moving).content.decode()
    assert "The clock stands still" in paused
    assert "Tell the public" not in paused
    refused = console.post(path, {"deed": "tell", "title": TITLE, "body": BODY})
    assert refused.status_code == 422
    shown = refused.content.decode()
    assert "continue the drill first" in shown
    assert f'value="{TITLE}"' in shown
    assert BODY in shown
    going = console.post(path, {"deed": "continue"}, headers=moving).content.decode()
    assert going.startswith('<div class="drill-state" hx-get=')
    assert console.post(path, {"deed": "end"}, headers=moving)["HX-Refresh"] == "true"


def test_focus_outlives_the_swap_of_every_two_seconds(console: Client) -> None:
    """Where a part is exchanged, htmx gives the focus back by id, and only by id."""
    console.post("/assist/drills/", {"scenario": "payments"})
    drill = Drill.objects.get()
    running.tell_drill(drill, status="investigating", title=TITLE, body=BODY)
    Drill.objects.update(clock_s=300)
    state = console.get(f"/assist/drills/{drill.pk}/state/").content.decode()
    buttons = re.findall("<button[^>]*>", state)
    assert 'value="link"' in " ".join(buttons)
    assert [one for one in buttons if not re.search(r' id="[a-z0-9-]+"', one)] == []


def test_no_page_and_no_neighbour_sees_it(console: Client, visitor: Client, globex: Tenant) -> None:
    drill = begin()
    tell(drill, 5)
    for path in (
        "/",
        "/history",
        "/history.atom",
        "/api/v2/summary.json",
        "/api/v2/incidents.json",
    ):
        assert TITLE not in visitor.get(path).content.decode()
    with in_tenant("globex"):
        assert not Drill.objects.exists()
    assert console.get("/assist/drills/01JD0000000000000000000000/").status_code == 404
