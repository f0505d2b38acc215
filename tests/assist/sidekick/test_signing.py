"""The panel's address is its authority: whatever was not signed opens nothing."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from assist.conversations.sources import add_source, change_source, clean_origins
from atender.refusals import Refused
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from tests.assist.conversations.making import hear, make_conversation
from tests.assist.sidekick.framing import DESK, address_of, make_source, stranger
from tests.factories import STAFF, make_incident, partner_page

RECIPE = re.compile(r"```python\n(.*?)```", re.S)


def test_the_recipe_in_the_documentation_opens_the_panel(acme: Tenant) -> None:
    text = Path("docs/agents.md").read_text()
    recipe = next(code for code in RECIPE.findall(text) if "hmac" in code)
    assert len(recipe.splitlines()) <= 16
    names: dict[str, object] = {}
    exec(recipe, names)
    source = make_source()
    make_incident()
    hear(make_conversation())
    url = names["panel_url"](  # type: ignore[operator]
        f"https://acme.localhost/sidekick/panel/{source.id}", source.secret, "chat-1", "Ben", DESK
    )
    answer = stranger().get(url.partition("localhost")[2])
    assert answer.status_code == 200
    assert "API response times degraded" in answer.content.decode()


@pytest.mark.parametrize("name", ["conversation", "agent", "origin", "expires", "signature"])
def test_each_part_is_signed(acme: Tenant, name: str) -> None:
    make_conversation("chat-2")
    parts = urlsplit(address_of(make_source()))
    asked = dict(parse_qsl(parts.query))
    asked[name] = {"conversation": "chat-2", "expires": f"{int(asked['expires']) + 1}"}.get(
        name, asked[name] + "x"
    )
    answer = stranger().get(f"{parts.path}?{urlencode(asked)}")
    assert (answer.status_code, b"not signed" in answer.content) == (403, True)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"ends_in_s": -5}, "has ended"),
        ({"ends_in_s": 25 * 3600}, "more than 24 hours"),
        ({"agent": "ben@desk.example.com"}, "no address"),
        ({"agent": ""}, "1 to 80"),
        ({"agent": "x" * 81}, "1 to 80"),
        ({"origin": "https://evil.example"}, "none of the origins"),
        ({"conversation": ""}, "id in your help desk"),
    ],
)
def test_what_is_signed_but_makes_no_sense(
    acme: Tenant, said: dict[str, object], sentence: str
) -> None:
    answer = stranger().get(address_of(make_source(), **said))  # type: ignore[arg-type]
    assert answer.status_code == 403
    assert sentence in answer.content.decode()
    assert f"frame-ancestors {DESK}" in answer.headers["Content-Security-Policy"]


def test_the_neighbours_source_and_secret_open_nothing(acme: Tenant, globex: Tenant) -> None:
    with in_tenant("globex"):
        theirs = make_source()
    assert stranger().get(address_of(theirs)).status_code == 404
    ours = make_source()
    forged = make_source()
    forged.id, forged.secret = ours.id, theirs.secret
    assert stranger().get(address_of(forged)).status_code == 403


def test_another_source_sees_its_own_pages_conversations(acme: Tenant) -> None:
    hear(make_conversation(), "zq secret words")
    elsewhere = make_source(pages=[partner_page()])
    shown = stranger().get(address_of(elsewhere)).content.decode()
    assert "has not handed in this conversation yet" in shown
    assert "zq" not in shown


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "https://*.example.com",
        "http://desk.example.com",
        "https://desk.example.com/path",
        "https://desk.example.com; script-src *",
        "javascript:alert(1)",
        "https://",
        "https://a" + "b" * 250 + ".example",
    ],
)
def test_only_exact_origins_may_frame_it(acme: Tenant, origin: str) -> None:
    with pytest.raises(Refused):
        add_source("Help desk", by=STAFF, frame_origins=[origin])


def test_origins_are_cleaned_and_changed(acme: Tenant) -> None:
    assert clean_origins(["HTTPS://Desk.example.com/", "https://desk.example.com"]) == [DESK]
    assert clean_origins(["http://127.0.0.1:8000", "http://acme.localhost"])
    source = make_source()
    address = address_of(source)
    change_source(source, by=STAFF, frame_origins=[])
    answer = stranger().get(address)
    assert answer.status_code == 403
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
