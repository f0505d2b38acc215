"""What a look at the DNS finds, from a real name server."""

from typing import Any

import pytest

from statuspage.domains import dns
from statuspage.models import Finding
from tests.dns_server import NONSENSE, REFUSED, SERVFAIL, SILENT, NameServer

NAME = "_atender.status.customer.example"
TOKEN = "0123456789abcdef"
PROOF = f"atender-proof={TOKEN}"


@pytest.mark.parametrize(
    "texts",
    [
        [f'"{PROOF}"'],
        ['"v=spf1 -all"', f'"{PROOF}"', '"google-site-verification=abc"'],
        [f'"{PROOF[:7]}" "{PROOF[7:]}"'],
        [f'" {PROOF} "'],
    ],
    ids=["alone", "beside others", "in two strings", "with blanks"],
)
def test_the_proof_is_found(name_server: NameServer, texts: list[str]) -> None:
    name_server.texts[NAME] = texts
    assert dns.ask(NAME).proves(TOKEN)


@pytest.mark.parametrize(
    "text",
    [
        PROOF.upper(),
        PROOF[:-1],
        PROOF + "0",
        TOKEN,
        "atender-proof=",
        "atender-proof=*",
        f"{PROOF} {PROOF}",
        "",
    ],
)
def test_another_text_is_no_proof(name_server: NameServer, text: str) -> None:
    name_server.texts[NAME] = [f'"{text}"']
    answer = dns.ask(NAME)
    assert not answer.proves(TOKEN)
    assert answer.finding == Finding.OTHER_TEXT


def test_halves_in_two_records_are_no_proof(name_server: NameServer) -> None:
    name_server.texts[NAME] = [f'"{PROOF[:7]}"', f'"{PROOF[7:]}"']
    assert not dns.ask(NAME).proves(TOKEN)


def test_a_chain_of_names_is_followed(name_server: NameServer) -> None:
    name_server.aliases = {NAME: "a.example", "a.example": "b.example"}
    name_server.texts["b.example"] = [f'"{PROOF}"']
    assert dns.ask(NAME).proves(TOKEN)


def test_a_chain_that_ends_nowhere_or_in_itself_proves_nothing(name_server: NameServer) -> None:
    name_server.aliases = {NAME: "a.example"}
    assert dns.ask(NAME).finding == Finding.NO_NAME
    name_server.aliases = {NAME: "a.example", "a.example": NAME}
    assert not dns.ask(NAME).proves(TOKEN)


def test_what_is_not_there_is_known_for_certain(name_server: NameServer) -> None:
    assert dns.ask(NAME) == dns.Answer(Finding.NO_NAME)
    name_server.texts[NAME] = []
    assert dns.ask(NAME) == dns.Answer(Finding.NO_RECORD)
    assert dns.ask(NAME).is_certain


@pytest.mark.parametrize("mood", [SERVFAIL, REFUSED, NONSENSE, SILENT])
def test_servers_that_fail_say_nothing_of_the_proof(
    name_server: NameServer, mood: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dns, "LIMIT_S", 0.5)
    name_server.moods[NAME] = mood
    answer = dns.ask(NAME)
    assert not answer.is_certain
    assert not answer.proves(TOKEN)


def test_a_resolver_that_is_not_there_raises_nothing(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dns, "LIMIT_S", 0.5)
    settings.DNS_RESOLVERS = ["127.0.0.1:1"]
    assert not dns.ask(NAME).is_certain


def test_resolvers_may_be_named_with_port_and_as_ipv6(settings: Any) -> None:
    settings.DNS_RESOLVERS = ["192.0.2.1", "192.0.2.2:5353", "[2001:db8::1]:53"]
    resolver = dns._resolver()
    assert resolver.nameservers == ["192.0.2.1", "192.0.2.2", "2001:db8::1"]
    assert resolver.nameserver_ports == {"192.0.2.2": 5353, "2001:db8::1": 53}


def test_staff_see_a_hostile_text_cut_and_without_what_hides(name_server: NameServer) -> None:
    hostile = "atender-proof=<script>alert(1)</script>" + "\\226\\128\\174" + "\\000" + "x" * 150
    name_server.texts[NAME] = [f'"{hostile}"', *(f'"{n}"' for n in range(20))]
    seen = dns.ask(NAME).seen
    assert len(seen) == 5
    (first,) = [text for text in seen if "script" in text]
    assert len(first) == 80
    assert "\u202e" not in first
    assert "\0" not in first
