"""Certificates are checked against the name that was asked for, on the checked connection."""

import datetime
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_django import Settings

from atender.outbound.unreachable import Reason, Unreachable
from atender.outbound.web import WebClient
from tests.web_server import WebServer, reply

Certify = Callable[[str], Path]


@pytest.fixture
def certify(tmp_path: Path, settings: Settings) -> Certify:
    settings.PRIVATE_TARGETS_ALLOWED = True

    def make(name: str) -> Path:
        """Write key and certificate of a name, signed by itself."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.datetime.now(datetime.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(hours=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .sign(key, hashes.SHA256())
        )
        path = tmp_path / "both.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        return path

    return make


def serving(path: Path) -> WebServer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return WebServer(lambda _: reply(b"ok"), tls=context)


def asking(path: Path) -> WebClient:
    trusted = ssl.create_default_context(cafile=str(path))
    return WebClient(tls=trusted, resolver=lambda _: ["127.0.0.1"])


def test_a_trusted_name_is_answered(certify: Certify) -> None:
    path = certify("hooks.example.com")
    with serving(path) as server, asking(path) as client:
        assert client.get(f"https://hooks.example.com:{server.port}/").body == b"ok"
        assert client.get(f"https://hooks.example.com:{server.port}/").body == b"ok"
    assert server.connections == 1


def test_the_certificate_of_another_name_is_not_taken(certify: Certify) -> None:
    path = certify("other.example.com")
    sentence = "cannot be trusted: Hostname mismatch"
    with (
        serving(path) as server,
        asking(path) as client,
        pytest.raises(Unreachable, match=sentence) as failure,
    ):
        client.get(f"https://hooks.example.com:{server.port}/")
    assert failure.value.reason == Reason.TLS
    assert server.requests == []


def test_a_certificate_that_nobody_vouches_for_is_not_taken(certify: Certify) -> None:
    with (
        serving(certify("hooks.example.com")) as server,
        WebClient() as client,
        pytest.raises(Unreachable, match="be trusted") as failure,
    ):
        client.get(f"https://localhost:{server.port}/")
    assert failure.value.reason == Reason.TLS


def test_a_server_without_tls_is_found_out(settings: Settings) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True
    with (
        WebServer(lambda _: reply(b"ok")) as server,
        WebClient() as client,
        pytest.raises(Unreachable) as failure,
    ):
        client.get(f"https://localhost:{server.port}/")
    # A server that waits for the end of a line finds none in some of our greetings.
    assert failure.value.reason in (Reason.TLS, Reason.CONNECTION, Reason.TIMEOUT)
