"""Whatever a tenant writes is text: on every page and in every mail, nothing of it is code."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.template import Template
from django.template.loader import get_template
from django.templatetags.i18n import BlockTranslateNode
from django.test import Client
from django.utils import timezone

from atender.tenants.models import Tenant
from incidents.models import Page
from statuspage.language.standard import standard_texts
from statuspage.models import Wording
from subscribers.mailing.composing import compose
from subscribers.models import Verification
from subscribers.people.enrolment import subscribe
from subscribers.people.verification import question_mail
from tests.factories import default_page, make_incident
from tests.incidents.planned import plan
from tests.subscribers.making import make_subscriber, manage_path, say, unsubscribe_path

EVIL = "<b onx=1>'\"><script>x</script> {{ 7|add:7 }} {% debug %} {0} {x} 100 % &amp;"
OWN = re.compile(r"<(?:b|script)\b|\bonx=1[ >]")


@pytest.fixture
def place(acme: Tenant) -> Page:
    """A page that says everything in the worst words."""
    page = default_page()
    rows = [
        Wording(
            page=page,
            language="en",
            key=text.key,
            form=form,
            text=text.kept(EVIL) + " ".join(sorted(text.required[form])),
        )
        for text in standard_texts("en").values()
        for form in range(len(text.forms))
    ]
    Wording.objects.bulk_create(rows)
    return page


class Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.scripts = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen += [name for name, _value in attrs if name == "onx"]
        self.seen += [tag] if tag == "b" else []
        self.scripts += tag == "script" and not any(name == "src" for name, _value in attrs)


def check(html: str) -> None:
    found = Elements(html)
    assert not found.seen
    # The structured data alone, which is no code.
    assert found.scripts <= html.count('type="application/ld+json"')
    assert "100 %" in html
    assert "14 {% debug" not in html


def test_no_page_takes_them_for_code(place: Page, visitor: Client) -> None:
    incident = make_incident()
    say(incident, "Second update.", status="identified")
    say(make_incident("Search"), status="resolved")
    maintenance = plan(timedelta(hours=30))
    paths = ["/", "/history", "/nothing", f"/incidents/{incident.pk}", "/embed"]
    paths += [f"/maintenance/{maintenance.pk}", "/history?page=2"]
    maria = make_subscriber()
    paths += [manage_path(maria), unsubscribe_path(maria), "/subscriptions/x/verify"]
    for path in paths:
        answer = visitor.get(path)
        assert answer.status_code in (200, 404), path
        check(answer.content.decode())
    for sent in ({"email": "nobody"}, {"email": "nils@example.com"}):
        check(visitor.post("/subscribe", sent).content.decode())


@pytest.mark.parametrize("path", ["/history.atom", "/history.rss", "/badge.svg"])
def test_no_document_for_programs_breaks(path: str, place: Page, visitor: Client) -> None:
    say(make_incident(), status="resolved")
    plan(timedelta(hours=30))
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert b"<b onx" not in answer.content
    assert b"<script>" not in answer.content


def test_no_mail_takes_them_for_code(place: Page) -> None:
    incident = make_incident()
    letter = compose(incident.updates.get(), place, "en")
    check(letter.html)
    assert EVIL.split(" {{")[0] in letter.text
    assert "\n" not in letter.subject
    question = Verification.objects.create(
        subscriber=subscribe(place, address="maria@example.com"),
        expires_at=timezone.now() + timedelta(days=7),
    )
    mail = question_mail(question, "x" * 43, settings.DEFAULT_FROM_EMAIL)
    check(str(mail.alternatives[0][0]))
    assert "<script>x</script>" in str(mail.body)


def test_no_template_gives_texts_away_unescaped() -> None:
    """A `blocktranslate` that fills nothing in would not say that it makes HTML."""
    templates = [path for path in (settings.BASE_DIR / "templates").rglob("*.*") if path.is_file()]
    shown = [path for path in templates if path.suffix in (".html", ".txt")]
    assert len(shown) > 50
    for path in shown:
        name = str(path.relative_to(settings.BASE_DIR / "templates"))
        if path.parts[-2] in ("statuspage", "subscribers", "mail"):
            template = get_template(name).template  # type: ignore[attr-defined]
            for node in _translated(template):
                tokens = [*node.singular, *(node.plural or [])]
                assert "%(" in node.render_token_list(tokens)[0], name


def _translated(template: Template) -> Iterator[BlockTranslateNode]:
    for node in template.nodelist.get_nodes_by_type(BlockTranslateNode):
        assert isinstance(node, BlockTranslateNode)
        yield node
