from django.test import Client

from incidents.publishing import take_off
from statuspage.models import Branding
from subscribers.models import Kinds, Subscriber, SubscriberState
from subscribers.people.changing import change_subscriber
from subscribers.people.enrolment import subscribe, unsubscribe
from tests.console.at_once import seen_in
from tests.factories import STAFF, component, default_page, make_incident
from tests.subscribers.making import make_subscriber, manage_path


def test_it_shows_what_is_subscribed_to_and_changes_nothing(visitor: Client) -> None:
    incident = make_incident()
    maria = make_subscriber(components=["API"], incidents=[incident])
    answer = visitor.get(manage_path(maria))
    chosen = [component("API").pk, incident.pk]
    assert answer.status_code == 200
    for record_id in chosen:
        assert f'value="{record_id}" checked'.encode() in answer.content
    assert answer.content.count(b" checked") == len(chosen) + 2
    assert maria.scopes.count() == 2


def test_names_keep_their_own_direction(visitor: Client) -> None:
    maria = make_subscriber(incidents=[make_incident("Pay (slow)")])
    shown = visitor.get(manage_path(maria)).content.decode()
    assert "<bdi>Pay (slow)</bdi>" in shown
    assert "<bdi>API</bdi>" in shown


def test_exactly_what_is_chosen_is_kept(visitor: Client) -> None:
    maria = make_subscriber(components=["API"])
    sent = {"scope": "chosen", "component": component("Payments").pk, "kinds": "maintenance"}
    assert b"Saved." in visitor.post(manage_path(maria), sent).content
    maria.refresh_from_db()
    assert [str(scope) for scope in maria.scopes.all()] == ["Payments"]
    assert maria.kinds == Kinds.MAINTENANCE


def test_everything_outweighs_what_is_ticked_below(visitor: Client) -> None:
    maria = make_subscriber(components=["API"])
    sent = {"scope": "everything", "component": component("API").pk}
    visitor.post(manage_path(maria), sent)
    assert [str(scope) for scope in maria.scopes.all()] == ["everything"]


def test_nothing_chosen_is_refused_and_changes_nothing(visitor: Client) -> None:
    maria = make_subscriber(components=["API"])
    answer = visitor.post(manage_path(maria), {"scope": "chosen"})
    assert answer.status_code == 422
    assert b"or unsubscribe below" in answer.content
    assert [str(scope) for scope in maria.scopes.all()] == ["API"]


def test_what_is_ticked_beside_everything_is_asked_about(visitor: Client) -> None:
    maria, api = make_subscriber(), component("API").pk
    sent = {"scope": "everything", "component": api, "kinds": "maintenance", "only_latest": "on"}
    answer = visitor.post(manage_path(maria), sent)
    assert answer.status_code == 422
    assert "choose “Only what is chosen here”" in answer.content.decode()
    maria.refresh_from_db()
    assert maria.kinds == Kinds.BOTH
    # Nothing of it has to be chosen again.
    chosen = (f'value="{api}" checked', 'value="maintenance" checked', 'name="only_latest" checked')
    assert all(words in answer.content.decode() for words in chosen)
    visitor.post(manage_path(maria), {**sent, "scope": "chosen"})
    assert [str(scope) for scope in maria.scopes.all()] == ["API"]


def test_ticks_that_were_kept_beside_everything_are_asked_of_nobody(visitor: Client) -> None:
    make_subscriber(components=["API"])
    maria = make_subscriber()
    shown, api = visitor.get(manage_path(maria)).content.decode(), component("API").pk
    assert f'value="{api}" checked' in shown
    assert 'value="everything" checked' in shown
    sent = {"scope": "everything", "component": [api], "kinds": "maintenance"}
    more = {**sent, "component": [api, component("Payments").pk]}
    assert visitor.post(manage_path(maria), more).status_code == 422
    assert b"Saved." in visitor.post(manage_path(maria), sent).content
    maria.refresh_from_db()
    assert maria.kinds == Kinds.MAINTENANCE
    assert [str(scope) for scope in maria.scopes.all()] == ["everything"]


def test_unknown_values_are_refused(visitor: Client) -> None:
    maria = make_subscriber()
    for sent in ({"scope": "everything", "kinds": "gossip"}, {"scope": "chosen", "component": "x"}):
        assert visitor.post(manage_path(maria), sent).status_code == 422
    assert maria.scopes.count() == 1


def test_who_had_left_can_come_back_by_the_mails_own_link(visitor: Client) -> None:
    maria = unsubscribe(make_subscriber())
    assert b"Subscribe again" in visitor.get(manage_path(maria)).content
    visitor.post(manage_path(maria), {"scope": "everything"})
    maria.refresh_from_db()
    assert maria.is_active
    assert maria.unsubscribed_at is None


def test_an_address_that_never_said_yes_is_not_subscribed_by_it(visitor: Client) -> None:
    asked = subscribe(default_page(), address="maria@example.com")
    assert visitor.post(manage_path(asked), {"scope": "everything"}).status_code == 422
    asked.refresh_from_db()
    assert asked.state == SubscriberState.PENDING


def test_another_sites_form_is_refused(visitor: Client) -> None:
    maria = make_subscriber(components=["API"])
    cross = {"sec-fetch-site": "cross-site"}
    answer = visitor.post(manage_path(maria), {"scope": "everything"}, headers=cross)
    assert answer.status_code == 403
    assert [str(scope) for scope in maria.scopes.all()] == ["API"]


def test_what_was_taken_off_the_page_is_not_named(visitor: Client) -> None:
    incident = make_incident("Quokka replica lag")
    maria = make_subscriber(components=["API"], incidents=[incident])
    assert b"Quokka" in visitor.get(manage_path(maria)).content
    incident.publications.all().delete()
    assert b"Quokka" not in visitor.get(manage_path(maria)).content


def opened(visitor: Client, maria: Subscriber) -> dict[str, str]:
    """What the form carries that is opened now, with everything chosen."""
    return {"scope": "everything", "seen": seen_in(visitor.get(manage_path(maria)).text)}


def test_what_was_saved_in_another_tab_is_told_before_it_is_replaced(visitor: Client) -> None:
    Branding.objects.update(further_languages=["de"])
    maria, api = make_subscriber(components=["Payments"]), component("API").pk
    stale = {**opened(visitor, maria), "kinds": "maintenance"}
    first = {**opened(visitor, maria), "scope": "chosen", "component": api, "only_latest": "on"}
    assert b"Gespeichert." in visitor.post(manage_path(maria), first | {"language": "de"}).content
    refused = visitor.post(manage_path(maria), stale)
    assert refused.status_code == 422
    assert "Es gilt jetzt: API, " in refused.text
    assert ", Deutsch. Drücken Sie die Schaltfläche" in refused.text
    assert [str(scope) for scope in maria.scopes.all()] == ["API"]
    # What was typed is still there, and is saved by a second press.
    assert 'value="maintenance" checked' in refused.text
    again = stale | {"seen": seen_in(refused.text)}
    assert [visitor.post(manage_path(maria), again).status_code for _ in range(2)] == [200, 200]
    assert [str(scope) for scope in maria.scopes.all()] == ["everything"]


def test_who_left_in_another_tab_is_not_brought_back_unasked(visitor: Client) -> None:
    maria = make_subscriber()
    stale = opened(visitor, maria)
    unsubscribe(maria)
    refused = visitor.post(manage_path(maria), stale)
    assert refused.status_code == 422
    assert "this subscription has ended since you opened this page" in refused.text
    maria.refresh_from_db()
    assert maria.state == SubscriberState.UNSUBSCRIBED
    # Who reads that and presses means it.
    again = stale | {"seen": seen_in(refused.text)}
    assert b"Saved." in visitor.post(manage_path(maria), again).content


def test_a_title_that_is_off_the_page_is_not_told(visitor: Client) -> None:
    incident = make_incident("Board meets in secret")
    maria = make_subscriber(components=["API"])
    stale = opened(visitor, maria)
    change_subscriber(maria, incident_ids=[incident.pk], by=STAFF)
    take_off(incident, pages=[default_page()], by=STAFF)
    refused = visitor.post(manage_path(maria), stale)
    assert refused.status_code == 422
    assert "It is now: API, Incidents and maintenance." in refused.text
    assert "secret" not in refused.text
