"""What is to be done so that it does not happen again."""

from datetime import date

import pytest

from atender.refusals import Refused
from atender.staff.models import User
from atender.tenants.models import Tenant
from incidents.afterwards.follow_ups import add_follow_up, change_follow_up, delete_follow_up
from incidents.afterwards.post_mortems import publish_post_mortem
from incidents.lifecycle import delete_incident
from incidents.models import AuditEntry, FollowUp
from incidents.signals import Action
from tests.factories import STAFF
from tests.incidents.test_post_mortems import after, heard, make_draft

TODAY = date(2026, 11, 20)


def actions() -> list[str]:
    entries = AuditEntry.objects.filter(action__startswith="follow_up")
    return list(entries.order_by("id").values_list("action", flat=True))


def test_one_is_noted_with_its_owner(alice: User) -> None:
    noted = add_follow_up(
        make_draft(), "  Warn before the  pool is full ", by=STAFF, owner=alice, due_date=TODAY
    )
    kept = FollowUp.objects.get()
    assert kept == noted
    assert (kept.title, kept.owner_id, kept.owner_name) == (
        "Warn before the pool is full",
        alice.pk,
        "Alice",
    )
    assert actions() == ["follow_up.added"]
    entry = AuditEntry.objects.get(action="follow_up.added")
    assert entry.subject_id == noted.post_mortem.incident_id
    assert "Alice" not in str(entry.details)


def test_an_owner_may_be_anybody_by_name(acme: Tenant) -> None:
    noted = add_follow_up(make_draft(), "Call them", by=STAFF, owner=" The hosting company ")
    assert (noted.owner_id, noted.owner_name) == ("", "The hosting company")
    nobody = change_follow_up(noted, by=STAFF, owner="")
    assert (nobody.owner_id, nobody.owner_name) == ("", "")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 256}, "title"),
        ({"title": "x", "owner": "x" * 121}, "owner_name"),
        ({"title": "x", "due_date": date(1066, 10, 14)}, "due_date"),
    ],
)
def test_what_cannot_be_is_refused(acme: Tenant, fields: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        add_follow_up(make_draft(), by=STAFF, **fields)  # type: ignore[arg-type]
    assert refusal.value.field == field
    assert not FollowUp.objects.exists()
    assert actions() == []


def test_done_and_not_done(acme: Tenant) -> None:
    noted = add_follow_up(make_draft(), "Warn earlier", by=STAFF)
    done = change_follow_up(noted, by=STAFF, is_done=True, at=after(99))
    assert done.done_at == after(99)
    again = change_follow_up(noted, by=STAFF, is_done=True, at=after(120))
    assert again.done_at == after(99)
    assert change_follow_up(noted, by=STAFF, is_done=False).done_at is None
    assert actions() == ["follow_up.added", "follow_up.completed", "follow_up.reopened"]


def test_overdue_is_what_is_open_after_its_day(acme: Tenant) -> None:
    draft = make_draft()
    late = add_follow_up(draft, "Late", by=STAFF, due_date=date(2026, 11, 19))
    add_follow_up(draft, "Today", by=STAFF, due_date=TODAY)
    add_follow_up(draft, "Some day", by=STAFF)
    done = add_follow_up(draft, "Done", by=STAFF, due_date=date(2026, 11, 1))
    change_follow_up(done, by=STAFF, is_done=True)
    assert list(FollowUp.objects.overdue(TODAY)) == [late]
    assert late.is_overdue(TODAY)
    delete_incident(draft.incident, by=STAFF)
    assert not FollowUp.objects.overdue(TODAY).exists()


def test_those_of_a_published_one_are_announced(acme: Tenant) -> None:
    draft = make_draft()
    with heard() as changes:
        noted = add_follow_up(draft, "Warn earlier", by=STAFF)
        assert changes == []
        publish_post_mortem(draft, by=STAFF)
        change_follow_up(noted, by=STAFF, is_done=True)
        delete_follow_up(noted, by=STAFF)
    assert [change.action for change in changes] == [
        Action.POST_MORTEM_PUBLISHED,
        Action.POST_MORTEM_CHANGED,
        Action.POST_MORTEM_CHANGED,
    ]
    assert not FollowUp.objects.exists()
    assert actions()[-1] == "follow_up.deleted"
