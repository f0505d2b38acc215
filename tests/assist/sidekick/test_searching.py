"""The desk's search: words as people type them, in any script, by the indexes there are."""

import pytest
from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.test import Client

from assist.conversations.opening import change_conversation
from assist.models import Conversation, Message
from assist.models.lexemes import Lexemes
from assist.sidekick import searching
from assist.sidekick.searching import asked_of, found
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from tests.assist.conversations.making import hear, make_conversation

SAID = {
    "en": "Hi! My API-key (atn_4711) stopped working: see https://example.com/a/b?x=1.",
    "de": "„Überweisung“ schlägt fehl – ist das bei allen so?",
    "es": "¿Está caída la página de pagos?",
    "ar": "صفحة الدفع لا تعمل، هل هناك مشكلة؟",
    "ja": "支払いページが開きません。注文番号は12345です",
    "zh": "网站打不开，付款失败",
    "ru": "Не проходит «платёж» по карте",
    "long": "x" * 3000 + " " + "word " * 30_000,
}


@pytest.fixture
def talks(acme: Tenant) -> None:
    for name, text in SAID.items():
        hear(make_conversation(f"id-{name}", address=f"{name}.smith@example.com"), text)


FOUND = [
    ("api", "en"),
    ("API key", "en"),
    ("key api", "en"),
    ("atn_4711", "en"),
    ("https://example.com/a", "en"),
    ("überweisung", "de"),
    ("Überw", "de"),
    ("Está caída", "es"),
    ("الدفع", "ar"),
    ("مشكلة؟", "ar"),
    ("支払い", "ja"),
    ("ページが", "ja"),
    ("注文番号 12345", "ja"),
    ("払支", ""),
    ("付款", "zh"),
    ("платёж", "ru"),
    ("id-ja", "ja"),
    ("ja.smith@exa", "ja"),
    ("smith", "en de es ar ja zh ru long"),
    ("word", "long"),
    ("ord", ""),
    ("stopped payment", ""),
    ("' & | ! :* ( \\ <->", ""),
    ("%", ""),
]


@pytest.mark.parametrize("few", [10_000, 1, 0])
def test_words(talks: None, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    """Whether the words stand in few messages or in many, the same is found."""
    monkeypatch.setattr(searching, "FEW", few)
    for words, names in FOUND:
        rows = found(Conversation.objects.all(), words)
        seen = {row.external_id.removeprefix("id-") for row in rows}
        assert seen == set(names.split()), words


def test_it_is_looked_up_in_an_index(talks: None) -> None:
    query = SearchQuery(asked_of("支払い api"), config="simple", search_type="raw")
    said = Message.objects.filter(words=query)
    named = Conversation.objects.alias(lexemes=Lexemes(*searching.NAMES)).filter(lexemes=query)
    with connection.cursor() as cursor:
        # The rows of a test are so few that reading all of them, one by one or in the order of
        # another index, would be quicker. What is inverted is read by bitmaps alone.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
    assert "message_by_words" in said.order_by().explain()
    assert "conversation_by_name" in named.order_by().explain()


def test_a_search_goes_through_everything_unless_narrowed(console: Client, talks: None) -> None:
    closed = Conversation.objects.get(external_id="id-en")
    change_conversation(closed, is_open=False)
    everywhere = console.get("/sidekick/?q=atn").content.decode()
    assert "en.smith@" in everywhere
    assert "Closed</span>" in everywhere
    narrowed = console.get("/sidekick/?q=atn&show=people").content.decode()
    assert "en.smith@" not in narrowed
    assert "Search everything" in narrowed


def test_nothing_of_the_neighbours_is_found(console: Client, talks: None, globex: Tenant) -> None:
    with in_tenant("globex"):
        hear(make_conversation("theirs", address="quokka@globex.example"), "quokka")
    assert "globex" not in console.get("/sidekick/?q=quokka").content.decode()


def test_what_was_found_is_shown_in_its_place(console: Client, talks: None) -> None:
    talk = Conversation.objects.get(external_id="id-ja")
    hear(talk, "ほかの質問です")
    listed = console.get("/sidekick/?q=注文番号").content.decode()
    assert "<mark>注文番号</mark>は12345です" in listed
    hear(talk, f"{'Blah blah. ' * 100} The VOUCHER <b>was</b> used.")
    listed = console.get("/sidekick/?q=voucher").content.decode()
    assert "…" in listed
    assert "The <mark>VOUCHER</mark> &lt;b&gt;was" in listed
