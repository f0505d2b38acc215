"""Post-mortems: prefilled from the record, written, published, withdrawn."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from atender.markdown import render_markdown
from atender.refusals import Refused
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.afterwards.hindsight import look_back
from incidents.afterwards.post_mortems import (
    NothingWritten,
    NotOverYet,
    QuotesWhatIsGone,
    ShownNowhere,
    StillAGuess,
    WrittenMeanwhile,
    change_post_mortem,
    delete_post_mortem,
    publish_post_mortem,
    start_post_mortem,
    withdraw_post_mortem,
)
from incidents.afterwards.retelling import draft_of, plain
from incidents.lifecycle import acknowledge, open_incident, post_update
from incidents.models import AuditEntry, FollowUp, Incident, Kind, PostMortem, PostMortemStatus
from incidents.signals import Action, Change, incident_changed
from incidents.timeline import delete_update, edit_update
from incidents.transitions import Saying
from tests.factories import STAFF, component, make_incident

BEGAN = datetime(2026, 11, 3, 14, 2, tzinfo=UTC)
PRIVATE = "Carol pulled the wrong cable."


def after(minutes: int) -> datetime:
    return BEGAN + timedelta(minutes=minutes)


def make_resolved(**kwargs: object) -> Incident:
    """A major incident of an hour: noticed after 6 minutes, identified after 20."""
    incident = make_incident(started_at=BEGAN, at=after(6), **kwargs)  # type: ignore[arg-type]
    acknowledge(incident, by=STAFF, at=after(9))

    def say(minutes: int, body: str, **saying: object) -> None:
        post_update(incident, by=STAFF, at=after(minutes), saying=Saying(body=body, **saying))  # type: ignore[arg-type]

    say(20, "The *old* pool_size was too small.", status="identified")
    say(25, PRIVATE, is_public=False)
    say(60, "Back to normal.", status="resolved")
    incident.refresh_from_db()
    return incident


def make_draft(body: str = "## Summary\n\nIt was slow.", **kwargs: object) -> PostMortem:
    return start_post_mortem(make_resolved(**kwargs), by=STAFF, body=body)


@contextmanager
def heard() -> Iterator[list[Change]]:
    changes: list[Change] = []

    def hear(change: Change, **_: object) -> None:
        changes.append(change)

    incident_changed.connect(hear)
    yield changes
    incident_changed.disconnect(hear)


def actions() -> list[str]:
    entries = AuditEntry.objects.filter(action__startswith="post_mortem")
    return list(entries.order_by("id").values_list("action", flat=True))


def test_the_record_is_looked_back_on(acme: Tenant) -> None:
    incident = make_resolved()
    past = look_back(incident)
    assert past.duration == timedelta(minutes=60)
    assert past.to_detect == timedelta(minutes=6)
    assert past.to_acknowledge == timedelta(minutes=9)
    assert past.to_identify == timedelta(minutes=20)
    assert [(each.name, each.worst) for each in past.suffered] == [("API", "partial_outage")]


def test_the_worst_that_a_component_was_in_counts(acme: Tenant) -> None:
    incident = make_incident(severity="critical", started_at=BEGAN, at=BEGAN)
    eased = Saying(status="identified", severity="minor")
    post_update(incident, by=STAFF, saying=eased, at=after(10))
    post_update(incident, by=STAFF, saying=Saying(status="resolved"), at=after(20))
    incident.refresh_from_db()
    assert incident.impacts.get().state == "degraded"
    assert look_back(incident).suffered[0].worst == "major_outage"


def test_an_incident_that_was_only_resolved_has_no_moment_of_identification(acme: Tenant) -> None:
    incident = make_incident(started_at=BEGAN, at=BEGAN)
    post_update(incident, by=STAFF, saying=Saying(status="resolved"), at=after(5))
    incident.refresh_from_db()
    past = look_back(incident)
    assert past.identified_at is None
    assert past.acknowledged_at is None
    text = draft_of(past)
    assert "Noticed as it began." in text
    assert "## Resolution\n\nResolved after 5 minutes." in text


def test_the_draft_says_what_the_record_knows(acme: Tenant) -> None:
    text = start_post_mortem(make_resolved(), by=STAFF).body
    summary = "Major incident from 2026-11-03 14:02 UTC to 15:02 UTC: 1 hour."
    assert text.startswith(f"## Summary\n\n{summary}\n\n")
    assert "## Impact\n\n- API: partial outage" in text
    assert "## Root cause\n\n## Detection" in text
    assert "Noticed 6 minutes after it began, taken up after 9 minutes." in text
    assert "The cause was known after 20 minutes. Resolved after 1 hour." in text
    assert "- 14:02 UTC: it began." in text
    assert r"- 14:22 UTC: **Identified** – The \*old\* pool_size was too small." in text
    assert "- 15:02 UTC: **Resolved** – Back to normal." in text


def test_a_likely_cause_is_marked_and_stays_one_line_of_plain_text(acme: Tenant) -> None:
    text = draft_of(look_back(make_resolved()), likely_cause="It *hangs*:\n# no answer.")
    assert "## Root cause\n\nLikely: It \\*hangs\\*: # no answer.\n\n## Detection" in text


def test_a_guess_is_published_only_once_somebody_reviewed_it(acme: Tenant) -> None:
    draft = make_draft("## Root cause\n\nLikely: The server is probably down.")
    with pytest.raises(StillAGuess, match="take “Likely:” away"):
        publish_post_mortem(draft, by=STAFF)
    draft.refresh_from_db()
    assert not draft.is_published
    draft = change_post_mortem(draft, by=STAFF, body="## Root cause\n\nThe server was down.")
    draft = publish_post_mortem(draft, by=STAFF)
    with pytest.raises(StillAGuess):
        change_post_mortem(draft, by=STAFF, body="## Root cause\n\n  Likely: It was down.")
    draft.refresh_from_db()
    assert draft.public_body == "## Root cause\n\nThe server was down."


def test_nothing_private_is_in_the_draft(acme: Tenant) -> None:
    incident = make_resolved()
    early = incident.updates.order_by("posted_at").first()
    assert early is not None
    edit_update(early, by=STAFF, is_public=False)
    text = start_post_mortem(incident, by=STAFF).body
    assert PRIVATE not in text
    assert early.body not in text
    assert "Alice" not in text


def test_a_long_record_leaves_room_to_write(acme: Tenant) -> None:
    incident = make_incident(started_at=BEGAN, at=BEGAN)
    for minute in range(1, 60):
        said = Saying(body=f"Word {minute}. " + "x" * 2000)
        post_update(incident, by=STAFF, saying=said, at=after(minute))
    post_update(incident, by=STAFF, saying=Saying(status="resolved"), at=after(60))
    text = start_post_mortem(incident, by=STAFF).body
    assert len(text) < 12_000
    assert text.endswith("- 15:02 UTC: **Resolved**")


@pytest.mark.parametrize("text", ["a*b*c", "[x](y)", "`x`", "\\", "snake_case", "_x_", "~~a~~"])
def test_plain_text_stays_plain_in_markdown(text: str) -> None:
    assert render_markdown(f"- at: {plain(text)}").count("<") == 4


def test_starting_again_returns_the_first(acme: Tenant) -> None:
    incident = make_resolved()
    first = start_post_mortem(incident, by=STAFF)
    assert start_post_mortem(incident, by=STAFF, body="other").pk == first.pk
    assert PostMortem.objects.get().body == first.body
    assert actions() == ["post_mortem.started"]


def test_what_is_not_over_has_none(acme: Tenant) -> None:
    with pytest.raises(NotOverYet, match="investigating"):
        start_post_mortem(make_incident(), by=STAFF)
    work = open_incident("New machines", by=STAFF, kind=Kind.MAINTENANCE)
    post_update(work, by=STAFF, saying=Saying(status="completed"))
    with pytest.raises(Refused, match="planned work"):
        start_post_mortem(work, by=STAFF)
    assert not PostMortem.objects.exists()
    assert actions() == []


def test_a_draft_concerns_nobody_above(acme: Tenant) -> None:
    with heard() as changes:
        draft = make_draft()
        changes.clear()
        change_post_mortem(draft, by=STAFF, body="Better said.")
    assert changes == []
    assert PostMortem.objects.get().body == "Better said."
    assert actions() == ["post_mortem.started", "post_mortem.changed"]


def test_saving_what_it_says_already_changes_nothing(acme: Tenant) -> None:
    draft = make_draft("Same.")
    assert change_post_mortem(draft, by=STAFF, body=" Same.\r\n", seen=99).version == 1
    assert actions() == ["post_mortem.started"]


def test_a_text_that_was_not_read_is_not_overwritten(acme: Tenant) -> None:
    draft = make_draft()
    change_post_mortem(draft, by=STAFF, body="Bob's.", seen=1)
    with pytest.raises(WrittenMeanwhile):
        change_post_mortem(draft, by=STAFF, body="Alice's.", seen=1)
    assert PostMortem.objects.get().body == "Bob's."


def test_publishing_is_announced_and_stands_once(acme: Tenant) -> None:
    draft = make_draft()
    with heard() as changes:
        published = publish_post_mortem(draft, by=STAFF, at=after(90))
        publish_post_mortem(draft, by=STAFF, at=after(95))
    assert (published.status, published.published_at) == (PostMortemStatus.PUBLISHED, after(90))
    assert published.notified_at is None
    assert [change.action for change in changes] == [Action.POST_MORTEM_PUBLISHED]
    assert changes[0].post_mortem == published
    assert [page.slug for page in changes[0].pages] == ["status"]
    assert actions() == ["post_mortem.started", "post_mortem.published"]


def test_subscribers_are_told_once_and_for_all(acme: Tenant) -> None:
    draft = make_draft()
    publish_post_mortem(draft, by=STAFF, at=after(80))
    told = publish_post_mortem(draft, by=STAFF, notifies=True, at=after(90))
    assert (told.published_at, told.notified_at) == (after(80), after(90))
    withdraw_post_mortem(draft, by=STAFF)
    again = publish_post_mortem(draft, by=STAFF, notifies=True, at=after(99))
    assert again.notified_at == after(90)


def test_what_no_page_shows_is_not_published(acme: Tenant) -> None:
    draft = make_draft(pages=())
    with pytest.raises(ShownNowhere):
        publish_post_mortem(draft, by=STAFF)
    assert PostMortem.objects.get().status == PostMortemStatus.DRAFT


def test_an_empty_one_is_not_published_nor_a_published_one_emptied(acme: Tenant) -> None:
    draft = make_draft("")
    with pytest.raises(NothingWritten):
        publish_post_mortem(draft, by=STAFF)
    change_post_mortem(draft, by=STAFF, body="Said.")
    publish_post_mortem(draft, by=STAFF)
    with pytest.raises(NothingWritten):
        change_post_mortem(draft, by=STAFF, body=" \n ")
    assert PostMortem.objects.get().body == "Said."


def test_of_a_reopened_incident_none_is_published(acme: Tenant) -> None:
    draft = make_draft()
    post_update(draft.incident, by=STAFF, saying=Saying(status="investigating"))
    with pytest.raises(NotOverYet):
        publish_post_mortem(draft, by=STAFF)


@pytest.mark.parametrize("how", ["private", "deleted", "edited"])
def test_words_taken_back_do_not_return_in_a_post_mortem(acme: Tenant, how: str) -> None:
    incident = make_resolved()
    draft = start_post_mortem(incident, by=STAFF)
    update = incident.updates.get(status="identified", is_public=True, body__contains="pool_size")
    if how == "private":
        edit_update(update, by=STAFF, is_public=False)
    elif how == "deleted":
        delete_update(update, by=STAFF)
    else:
        edit_update(update, by=STAFF, body="A setting was too small.")
    with pytest.raises(QuotesWhatIsGone, match="pool_size was too small"):
        publish_post_mortem(draft, by=STAFF)
    change_post_mortem(draft, by=STAFF, body="A setting was too small.")
    assert publish_post_mortem(draft, by=STAFF).is_published


def test_withdrawing_keeps_the_text_as_a_draft(acme: Tenant) -> None:
    draft = make_draft()
    publish_post_mortem(draft, by=STAFF)
    with heard() as changes:
        withdraw_post_mortem(draft, by=STAFF)
        withdraw_post_mortem(draft, by=STAFF)
    assert [change.action for change in changes] == [Action.POST_MORTEM_CHANGED]
    kept = PostMortem.objects.get()
    assert (kept.status, kept.published_at, kept.body) == ("draft", None, draft.body)


def test_deleting_leaves_an_audit_row(acme: Tenant) -> None:
    draft = make_draft()
    publish_post_mortem(draft, by=STAFF)
    with heard() as changes:
        delete_post_mortem(draft, by=STAFF)
    assert len(changes) == 1
    assert not PostMortem.objects.exists()
    assert not FollowUp.objects.exists()
    assert actions()[-1] == "post_mortem.deleted"


def test_the_database_holds_status_and_moment_together(acme: Tenant) -> None:
    draft = make_draft()
    rows = PostMortem.objects.filter(pk=draft.pk)
    for wrong in ({"status": "published"}, {"published_at": BEGAN}, {"status": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)
    publish_post_mortem(draft, by=STAFF)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(body="")


def test_two_who_save_at_once_do_not_overwrite_each_other(fresh_database: str) -> None:
    with in_tenant("acme"):
        draft = make_draft()

    def save(text: str) -> bool:
        try:
            with in_tenant("acme"):
                change_post_mortem(draft, by=STAFF, body=text, seen=1)
        except WrittenMeanwhile:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(save, ["Alice's.", "Bob's."]))
    assert sorted(results) == [False, True]


def test_the_tagged_components_are_named_in_the_pages_order(acme: Tenant) -> None:
    past = look_back(make_resolved(components=("Payments", "API")))
    assert [each.name for each in past.suffered] == ["API", "Payments"]
    assert past.suffered[0].component_id == component().pk
