import pytest

from assist.matching import ActiveIncident, build_index, match, near_misses

SLOW_API = ActiveIncident(
    id="api",
    title="API response times degraded",
    body="We are investigating slow responses from the API.",
    components=("API",),
)
LOGIN = ActiveIncident(
    id="login",
    title="Elevated login failures",
    body="Users cannot sign in; attempts fail or redirect back to the sign-in page.",
    components=("Authentication",),
)
PARCELS = ActiveIncident(
    id="parcels",
    title="Parcels delayed",
    body="Deliveries arrive late because of a problem in our sorting centre.",
    components=("Delivery",),
)
CARDS = ActiveIncident(
    id="cards",
    title="Card payments being declined",
    body="A high rate of card payments is refused in shops and online.",
    components=("Card payments",),
)
ALL = build_index([SLOW_API, LOGIN, PARCELS, CARDS])


def cards_shown(message: str) -> list[str]:
    return [found.incident_id for found in match(message, ALL).matches if found.is_card]


def test_a_complaint_finds_its_incident_with_the_words_that_made_it() -> None:
    best = match("your api is super slow today", build_index([SLOW_API])).matches[0]

    assert best.incident_id == "api"
    assert best.is_card
    assert {"api", "slow"} <= set(best.reasons)


@pytest.mark.parametrize(
    "message",
    [
        "how do I change my avatar",
        "How do I get an API key?",
        "Which cards do you accept?",
        "Do you ship to Norway?",
        "Wie kann ich mein Passwort ändern?",
        "Thanks, works now!",
        "",
    ],
)
def test_what_is_no_complaint_shows_no_card(message: str) -> None:
    assert cards_shown(message) == []


@pytest.mark.parametrize(
    ("message", "language", "incident"),
    [
        ("I can't log in since this morning", "en", "login"),
        ("Ich kann mich nicht einloggen", "de", "login"),
        ("Impossible de me connecter à mon compte", "fr", "login"),
        ("No puedo iniciar sesión", "es", "login"),
        ("Não consigo entrar na minha conta", "pt", "login"),
        ("Il pacco non è ancora arrivato", "it", "parcels"),
        ("Mijn pakket is nog niet bezorgd", "nl", "parcels"),
        ("Moja karta została odrzucona w sklepie", "pl", "cards"),
        ("Jag kan inte logga in", "sv", "login"),
        ("Mit kort bliver afvist i butikken", "da", "cards"),
        ("Hesabıma giriş yapamıyorum", "tr", "login"),
        ("ログインできません", "ja", "login"),
        ("我登录不了账号", "zh", "login"),
        ("لا أستطيع تسجيل الدخول إلى حسابي", "ar", "login"),
        ("Не могу войти в аккаунт", "ru", "login"),
    ],
)
def test_any_language_finds_an_incident_written_in_english(
    message: str, language: str, incident: str
) -> None:
    found = match(message, ALL)

    assert found.language == language
    assert [one.incident_id for one in found.matches if one.is_card] == [incident]


def test_being_passed_on_to_a_person_is_no_transfer_of_money() -> None:
    body = "Some transfers to other banks are rejected or fail with an error."
    index = build_index([ActiveIncident("t", "Outgoing transfers failing", body, ("Transfers",))])

    def shown(message: str) -> bool:
        return any(found.is_card for found in match(message, index).matches)

    assert not shown("can you transfer me to an agent")
    assert not shown("¿puede transferirme con un agente?")
    assert shown("my bank says you did not transfer me the money")


def test_an_incident_written_in_another_language_is_found_too() -> None:
    german = ActiveIncident("k", "Kartenzahlungen werden abgelehnt", "", ("Karten",))

    assert match("my card was declined in the shop", [german]).matches[0].is_card


def test_typing_errors_do_not_hide_a_complaint() -> None:
    assert cards_shown("mycard was declned agan in the shp") == ["cards"]


def test_greeting_and_signature_change_nothing() -> None:
    wrapped = (
        "Hello support team,\n\nI can't log in.\n\n"
        "Kind regards,\nAnna\nHead of Card Payments, Parcel Ltd"
    )

    assert cards_shown(wrapped) == ["login"]
    asking = "Hi,\nhow do I add a colleague?\n\nBest regards,\nTom\nAPI Login Failures Team"
    assert cards_shown(asking) == []


def test_matches_come_best_first_and_at_most_the_limit() -> None:
    found = match("my card was declined and I can't log in", ALL, limit=2).matches

    assert len(found) <= 2
    confidences = [one.confidence for one in found]
    assert confidences == sorted(confidences, reverse=True)


@pytest.mark.parametrize("times", [2, 3, 8])
def test_an_outage_that_was_posted_twice_is_found_all_the_same(times: int) -> None:
    twins = [ActiveIncident(f"api-{number}", SLOW_API.title) for number in range(times)]
    found = match("your api is super slow today", twins, limit=times).matches
    assert [one.incident_id for one in found if one.is_card] == ["api-0"]


def test_near_misses_are_below_the_threshold() -> None:
    misses = near_misses("how long does card delivery take", ALL)

    assert all(not miss.is_card for miss in misses)


def test_no_active_incident_matches_nothing() -> None:
    assert match("I can't log in", []).matches == ()


def test_a_sequence_and_an_index_answer_the_same() -> None:
    both = [SLOW_API, LOGIN]

    assert match("login broken", both) == match("login broken", build_index(both))


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("la API está lentísima hoy, todo tarda", "lentísima"),
        ("واجهة API بطيئة جدا اليوم", "بطيئة جدا"),
        ("The API is SLOW", "SLOW"),
        ("ваш API сегодня медленный, тайм-аут", "медленный"),
        ("APIがとても遅いです", "遅い"),
    ],
)
def test_reasons_are_the_words_as_they_were_written(message: str, reason: str) -> None:
    (best,) = match(message, [SLOW_API], limit=1).matches
    assert reason in best.reasons


def test_no_word_is_named_twice_among_the_reasons() -> None:
    for message, reason in (
        ("I can't pay with my card, it is always declined", "pay with my card"),
        ("el pago con tarjeta falla todo el rato", "pago con tarjeta"),
    ):
        reasons = match(message, build_index([CARDS])).matches[0].reasons
        assert reason in reasons
        named = " ".join(reasons).split()
        assert len(named) == len(set(named))
