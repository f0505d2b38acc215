"""What people type as a domain, and what it becomes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atender.refusals import Refused
from statuspage.domains.names import LONGEST, clean_domain, readable

LABEL = "a" * 63


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("status.example.com", "status.example.com"),
        ("  Status.EXAMPLE.com  ", "status.example.com"),
        ("status.example.com.", "status.example.com"),
        ("example.com", "example.com"),
        ("1.status.example.com", "1.status.example.com"),
        ("status.bücher.example", "status.xn--bcher-kva.example"),
        ("STATUS.BÜCHER.EXAMPLE", "status.xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
        ("status.example.com。", "status.example.com"),
        ("ｓtatus．example．com", "status.example.com"),
        (f"{LABEL}.{LABEL}.{LABEL}.{'b' * 52}", f"{LABEL}.{LABEL}.{LABEL}.{'b' * 52}"),
    ],
)
def test_a_domain_has_one_spelling(typed: str, name: str) -> None:
    assert clean_domain(typed) == name
    assert clean_domain(name) == name
    assert len(name) <= LONGEST


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "missing"),
        (" . ", "missing"),
        ("status", "not a whole domain"),
        ("com.", "not a whole domain"),
        ("https://status.example.com/", "write status.example.com"),
        ("status.example.com/history", "write status.example.com"),
        ("status.example.com:443", "write status.example.com"),
        ("alice@status.example.com", "write status.example.com"),
        ("*.example.com", "wildcard"),
        ("203.0.113.7", "is an address"),
        ("2001:db8::1", "is an address"),
        ("[2001:db8::1]", "is an address"),
        ("0177.0.0.1", "not a whole domain"),
        ("１２７.0.0.1", "not a whole domain"),
        ("status.example.123", "not a whole domain"),
        ("status..example.com", "no domain"),
        (".example.com", "no domain"),
        ("-status.example.com", "no domain"),
        ("sta_tus.example.com", "no domain"),
        ("_atender.example.com", "no domain"),
        ("status example.com", "no domain"),
        ("status.exa\x00mple.com", "no domain"),
        ("status.example.com\nevil.example", "no domain"),
        ("status\u202e.example.com", "no domain"),
        ("\U0001f525.example.com", "no domain"),
        ("xn--zzzzzz-.example", "no domain"),
        ("<script>alert(1)</script>.example", "more than a domain"),
        (f"{'a' * 64}.example.com", "no domain"),
        (f"{LABEL}.{LABEL}.{LABEL}.{'b' * 53}", "at most"),
        ("a." * 5000 + "example", "at most"),
        ("status.example.com'; DROP TABLE x; --", "no domain"),
    ],
)
def test_what_is_no_domain_is_refused_in_a_sentence(typed: str, said: str) -> None:
    with pytest.raises(Refused, match=said) as refusal:
        clean_domain(typed)
    assert refusal.value.field == "name"
    assert len(refusal.value.sentence) < 250


@given(st.text(max_size=80))
def test_whatever_is_typed_is_a_name_of_the_dns_or_refused(typed: str) -> None:
    try:
        name = clean_domain(typed)
    except Refused:
        return
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert "." in name
    assert name == clean_domain(name)
    assert name == clean_domain(name.upper())


def test_people_read_the_letters_that_they_typed() -> None:
    assert readable("status.xn--bcher-kva.example") == "status.bücher.example"
    assert readable("xn--zzzzzz-.example") == "xn--zzzzzz-.example"
