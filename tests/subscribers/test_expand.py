"""Who is told of what."""

from collections.abc import Sequence

from django.db import connection
from django.test.utils import CaptureQueriesContext

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import Incident, Kind
from subscribers.deliveries.forgetting import promise_to_forget
from subscribers.fanout import expand
from subscribers.models import Delivery, Notice, NoticeState
from subscribers.people.enrolment import subscribe, unsubscribe
from tests.factories import default_page, make_incident, partner_page
from tests.subscribers.making import make_subscriber, say


def told_of(incident: Incident) -> list[str]:
    """Expand the incident's latest notice and return the addresses, without their host."""
    notice = Notice.objects.filter(incident=incident).latest("id")
    expand(notice.id)
    told = notice.deliveries.order_by("subscriber__address")
    return [delivery.subscriber.address.partition("@")[0] for delivery in told]


def make_people() -> None:
    make_subscriber("all@example.com")
    make_subscriber("api@example.com", components=["API"])
    make_subscriber("web@example.com", components=["Web app"])
    make_subscriber("both@example.com", components=["API", "Web app"])
    make_subscriber("partner@example.com", page=partner_page())
    unsubscribe(make_subscriber("left@example.com"))
    subscribe(default_page(), address="pending@example.com")


def test_everything_and_the_tagged_components_each_once(acme: Tenant) -> None:
    make_people()
    incident = make_incident(components=("API", "Web app"))
    assert told_of(incident) == ["all", "api", "both", "web"]


def test_other_components_hear_nothing(acme: Tenant) -> None:
    make_people()
    assert told_of(make_incident(components=("Payments",))) == ["all"]


def test_a_page_hears_of_its_own_incidents_alone(acme: Tenant) -> None:
    make_people()
    assert told_of(make_incident(pages=(partner_page(),))) == ["partner"]


def test_another_tenants_subscribers_hear_nothing(acme: Tenant, globex: Tenant) -> None:
    with in_tenant("globex"):
        make_subscriber("stranger@example.com")
    assert told_of(make_incident()) == []
    with in_tenant("globex"):
        assert not Delivery.objects.exists()


def test_kinds(acme: Tenant) -> None:
    for kinds in ("incidents", "maintenance", "both"):
        make_subscriber(f"{kinds}@example.com", kinds=kinds)
    assert told_of(make_incident()) == ["both", "incidents"]
    planned = make_incident("Database upgrade", severity=None, kind=Kind.MAINTENANCE)
    assert told_of(planned) == ["both", "maintenance"]


def test_one_incident_whatever_its_kind(acme: Tenant) -> None:
    planned = make_incident("Database upgrade", severity=None, kind=Kind.MAINTENANCE)
    make_subscriber(kinds="incidents", incidents=[planned])
    say(planned, "Moved by an hour.")
    assert told_of(planned) == ["maria"]


def test_a_subscription_to_one_incident_ends_with_it_and_revives(acme: Tenant) -> None:
    incident, other = make_incident(), make_incident("Search is slow")
    make_subscriber(incidents=[incident])

    def told(**saying: object) -> Sequence[str]:
        say(incident, **saying)  # type: ignore[arg-type]
        return told_of(incident)

    assert told(status="identified") == ["maria"]
    assert told(status="resolved") == ["maria"]
    assert told(body="A report follows.", notifies=True) == []
    assert told(status="investigating") == ["maria"]
    assert told(body="Still looking.") == ["maria"]
    say(other, status="identified")
    assert told_of(other) == []


def test_again_writes_nothing(acme: Tenant) -> None:
    make_people()
    incident = make_incident()
    told = told_of(incident)
    Notice.objects.update(state=NoticeState.WAITING)
    make_subscriber("late@example.com")
    assert set(told_of(incident)) - set(told) == {"late"}
    assert Delivery.objects.count() == len(told) + 1


def test_nobody_to_tell_is_told_at_once(acme: Tenant) -> None:
    incident = make_incident()
    assert told_of(incident) == []
    assert Notice.objects.get().state == NoticeState.SENT


def test_it_costs_the_same_whatever_the_number_of_subscribers(acme: Tenant) -> None:
    incident = make_incident()

    def queries() -> int:
        notice = Notice.objects.create(
            kind="update",
            incident=incident,
            update=say(incident, "Still looking.", notifies=False),
            page_ids=[default_page().pk],
            due_at=incident.started_at,
        )
        with CaptureQueriesContext(connection) as captured:
            expand(notice.id)
        return len(captured)

    promise_to_forget()
    make_subscriber("first@example.com")
    few = queries()
    for number in range(40):
        make_subscriber(f"p{number}@example.com")
    assert queries() == few
