"""Whatever is said and whoever reads it: what arrives is what was meant, and no token is cut."""

import email
import email.policy
import re
from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atender.tenants.models import Tenant
from incidents.models import Incident, Page
from subscribers.mailing.mails import Letter, Reasons
from subscribers.mailing.moulds import Mould, Own, sendable
from tests.factories import default_page, make_incident

MARKS = {"manage": "{manage}", "unsubscribe": "{leave}", "reason": "{reason}"}
MANAGE = "longest_key_0001.01KAJW5XCJBB2N1Q7X5A8ZJ4T9.65535.abcdefghijklmnopqr_-_A"
LEAVE = "1.01KAJW5XCJBB2N1Q7X5A8ZJ4T9.1.Zyxwvutsrqponmlkjihg_-"
LINK = "https://status.acme.example/subscriptions/"
# Everything a person can write, and what a program writes in a person's name.
WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from(list("\n\r.=<>&\t ")),
    max_size=300,
)
LONG = st.builds(lambda text, times: text * times, WORDS, st.sampled_from([1, 1, 40]))


def make_letter(incident: Incident, page: Page, *, subject: str, body: str, around: str) -> Letter:
    """A letter that says `body`, with the marks wherever a translation may put them."""
    return Letter(
        page=page,
        incident=incident,
        subject=" ".join(subject.split()) or "None",
        text=f"{body}\n{around}{{reason}}{around}: {{manage}}{around}{{leave}}\n",
        html=f"<p>{body}</p><a href='{{manage}}'>{around}</a>{around}"
        "<a href='{leave}'>{reason}</a>",
        base="https://status.acme.example",
        marks=MARKS,
        reasons=Reasons("", "", "", ""),
    )


def read(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def part(message: EmailMessage, subtype: str) -> str:
    body = message.get_body((subtype,))
    assert body is not None
    assert not body.defects
    return str(body.get_content()).replace("\r\n", "\n").rstrip("\n")


@pytest.fixture
def place(acme: Tenant) -> Page:
    return default_page()


@pytest.fixture
def incident(acme: Tenant) -> Incident:
    return make_incident()


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(subject=WORDS, body=LONG, around=LONG, name=WORDS, reason=WORDS, in_seven_bits=st.booleans())
def test_every_word_and_every_token_arrives_whole(
    place: Page, incident: Incident, in_seven_bits: bool, **words: str
) -> None:
    reason = " ".join(words["reason"].split())
    place.name = " ".join(words["name"].split()) or "Acme"
    letter = make_letter(
        incident, place, subject=words["subject"], body=words["body"], around=words["around"]
    )
    own = Own("maria@example.com", "<1@host>", MANAGE, LEAVE, reason)
    mould = Mould(letter, "Status <status@acme.example>")
    content = mould.pour(own, in_seven_bits=in_seven_bits)

    head = content.partition(b"\r\n\r\n")[0].decode("ascii")
    assert f"\r\nList-Unsubscribe: <{LINK}{LEAVE}/unsubscribe>\r\n" in head
    assert "\r\nTo: maria@example.com\r\n" in head
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 998
    if in_seven_bits:
        assert content.isascii()
        body = content.partition(b"\r\n\r\n")[2]
        assert max(map(len, body.split(b"\r\n"))) <= 76
    # On the wire as they are: twice in each part at most, and in the header.
    assert content.count(MANAGE.encode()) == 2
    assert content.count(LEAVE.encode()) == 3

    message = read(content)
    assert message["Subject"].replace(" ", "") == letter.subject.replace(" ", "")
    assert message["From"].addresses[0].addr_spec == "status@acme.example"
    assert part(message, "plain") == filled(letter.text, reason)
    assert part(message, "html") == filled(letter.html, escaped(reason))


def filled(text: str, reason: str) -> str:
    text = re.sub("\r\n?|\n", "\n", text)
    text = text.replace("{manage}", LINK + MANAGE).replace("{leave}", f"{LINK}{LEAVE}/unsubscribe")
    return text.replace("{reason}", reason).rstrip("\n")


def escaped(text: str) -> str:
    for sign, code in zip("&<>\"'", ("&amp;", "&lt;", "&gt;", "&quot;", "&#x27;"), strict=True):
        text = text.replace(sign, code)
    return text


def test_two_recipients_differ_in_their_own_alone(place: Page, incident: Incident) -> None:
    letter = make_letter(incident, place, subject="Slow", body="Text ü", around=" ")
    mould = Mould(letter, "status@acme.example")
    one = Own("a@example.com", "<1@host>", MANAGE, LEAVE, "you asked")
    other = Own("b@example.com", "<2@host>", LEAVE, MANAGE, "you & I")
    rests = []
    for own in (one, other):
        content = mould.pour(own)
        for value in (*own[:4], own.reason.replace("&", "&amp;"), own.reason):
            content = content.replace(value.encode(), b"")
        rests.append(content)
    assert rests[0] == rests[1]


@pytest.mark.parametrize(
    "address",
    ["a@b.example\nBcc: x@y.example", "a@b.example\r\nDATA", "a@b.example\x00", "<a@b.example>\r"],
)
def test_an_address_that_would_begin_another_line_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="Invalid address"):
        sendable(address)


@pytest.mark.parametrize(
    ("address", "wire"),
    [
        ("maria+status@example.com", "maria+status@example.com"),
        ("maria@xn--mller-kva.example", "maria@xn--mller-kva.example"),
        ("maria@müller.example", "maria@xn--mller-kva.example"),
    ],
)
def test_addresses_as_they_go_out(address: str, wire: str) -> None:
    assert sendable(address) == wire
