"""Links that are out go on working: every token is made as it was when it was first sent."""

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from assist.conversations import following
from assist.receipts.sharing import find_receipt, share, token_of
from atender.link_keys import is_mac, is_nonce, mac_of, nonce_of
from atender.outbound.events import events_token, find_channel
from atender.outbound.models import MailChannel
from atender.tenants.models import Tenant
from subscribers import tokens
from tests.assist.conversations.making import make_conversation
from tests.assist.reports.making import make_past
from tests.factories import STAFF, default_page, make_incident
from tests.subscribers.making import make_subscriber

ID, OLD = "1", "the key of what is out"


@pytest.fixture(autouse=True)
def _keys(settings: Any) -> None:
    settings.LINK_KEYS = {ID: OLD}


def sent(said: str) -> str:
    """The mac that each kind of link made for itself before they shared a home."""
    digest = hmac.new(OLD.encode(), said.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def another_key_comes(settings: Any) -> None:
    settings.LINK_KEYS = {ID: OLD, "2": "the key of what is to come"}


@pytest.mark.parametrize("purpose", tokens.Purpose)
def test_a_subscribers_link(acme: Tenant, settings: Any, purpose: tokens.Purpose) -> None:
    maria = make_subscriber()
    mac = sent(f"subscription\0{ID}\0{maria.pk}\0{maria.version}\0{purpose}")
    token = f"{ID}.{maria.pk}.{maria.version}.{mac}"
    assert tokens.signed_token(maria.pk, maria.version, purpose) == token
    another_key_comes(settings)
    assert tokens.signed_token(maria.pk, maria.version, purpose).startswith("2.")
    assert tokens.find_by_token(token, purpose, page_id=default_page().pk) == maria


def test_the_form_of_a_confirmation(settings: Any) -> None:
    question_id = "01JD0000000000000000000000"
    nonce = sent(f"confirmation form\0{ID}\0{question_id}")
    assert tokens.form_nonce(question_id) == nonce
    another_key_comes(settings)
    assert tokens.is_form_nonce(nonce, question_id)


def test_a_customers_link(acme: Tenant, settings: Any) -> None:
    conversation, incident, at = make_conversation(), make_incident(), timezone.now()
    said = f"{conversation.pk}.{incident.pk}.{int((at + timedelta(days=7)).timestamp())}"
    mac = sent(f"follow link\0{ID}\0{said}")
    token = f"{ID}.{said}.{mac}"
    nonce = sent(f"follow form\0{ID}\0{token}")
    assert following.follow_token(conversation, incident, at=at) == token
    assert following.form_nonce(token) == nonce
    another_key_comes(settings)
    ticket = following.read_ticket(token, default_page())
    assert ticket is not None
    assert (ticket.conversation, ticket.incident) == (conversation, incident)
    assert following.is_form_nonce(nonce, token)


def test_the_link_of_a_receipt(acme: Tenant, settings: Any) -> None:
    receipt = share(make_past(timezone.now() - timedelta(days=2)), by=STAFF)
    mac = sent(f"receipt\0{ID}\0{receipt.incident_id}\0{receipt.version}")
    token = f"{ID}.{receipt.incident_id}.{receipt.version}.{mac}"
    assert token_of(receipt) == token
    another_key_comes(settings)
    assert find_receipt(token, page_id=default_page().pk) == receipt


def test_the_address_of_a_providers_reports(acme: Tenant, settings: Any) -> None:
    channel = MailChannel(provider="postmark", from_address="status@acme.example", is_active=False)
    channel.options = {"server_token": "sesame"}
    channel.save()
    token = sent(f"mail events\0{ID}\0{channel.pk}\0{channel.events_version}")
    assert events_token(channel) == token
    another_key_comes(settings)
    assert find_channel(channel.pk, token) == channel


def test_only_its_own_purpose_words_and_key(settings: Any) -> None:
    mac = mac_of(ID, "receipt", "a", 1)
    assert is_mac(mac, ID, "receipt", "a", 1)
    for said in ("receipt", "a", 2), ("receipt", "b", 1), ("follow link", "a", 1), ("receipt", "a"):
        assert not is_mac(mac, ID, *said)
        assert not is_nonce(mac, *said)
    assert not is_mac("é" * 22, ID, "receipt", "a", 1)
    another_key_comes(settings)
    assert nonce_of("receipt", "a", 1) != mac
    assert is_nonce(mac, "receipt", "a", 1)
    assert not is_mac(mac, "2", "receipt", "a", 1)
    settings.LINK_KEYS = {"2": "the key of what is to come"}
    assert not is_mac(mac, ID, "receipt", "a", 1)
    assert not is_nonce(mac, "receipt", "a", 1)
