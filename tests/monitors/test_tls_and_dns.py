"""Certificates that run out, and names that resolve otherwise."""

import asyncio
import datetime
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_django import Settings

from monitors.kinds import Job, check, tls
from tests.dns_server import SERVFAIL, SILENT, answering
from tests.monitors.making import DEGRADED, DOWN, UP
from tests.web_server import WebServer, reply

ID = "01JD0000000000000000000000"


@pytest.fixture(autouse=True)
def private(settings: Settings) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True


def certificate(folder: Path, *, days: int) -> Path:
    """Key and certificate of `localhost`, signed by itself, that ends in so many days."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=90))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{days}.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (60, (UP, "")),
        (5, (DEGRADED, "certificate_expires")),
        (-1, (DOWN, "certificate_expired")),
    ],
)
def test_how_long_a_certificate_lasts(tmp_path: Path, days: int, found: tuple[object, str]) -> None:
    path = certificate(tmp_path, days=days)
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(path)
    trusting = ssl.create_default_context(cafile=path)
    with WebServer(lambda _: reply(), tls=server_side) as server:
        job = Job(ID, "tls", f"localhost:{server.port}", 5)
        finding = asyncio.run(tls.check(job, tls=trusting))
    assert (finding.verdict, finding.error_code) == found


def test_a_certificate_that_nobody_trusts(tmp_path: Path) -> None:
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(certificate(tmp_path, days=60))
    with WebServer(lambda _: reply(), tls=server_side) as server:
        finding = asyncio.run(check(Job(ID, "tls", f"localhost:{server.port}", 5, 0)))
    assert (finding.verdict, finding.error_code) == (DOWN, "tls")


@pytest.mark.parametrize(
    ("name", "expected", "found"),
    [
        ("shop.example", ["v=1"], (UP, "")),
        ("shop.example", [], (UP, "")),
        ("shop.example", ["v=2"], (DOWN, "dns_mismatch")),
        ("nobody.example", [], (DOWN, "dns_no_answer")),
        ("broken.example", [], (DOWN, "dns_failed")),
        ("silent.example", [], (DOWN, "timeout")),
    ],
)
def test_records_of_a_name(name: str, expected: list[str], found: tuple[object, str]) -> None:
    with answering() as server:
        server.texts["shop.example"] = ["v=1"]
        server.moods.update({"broken.example": SERVFAIL, "silent.example": SILENT})
        config = {"record": "TXT", "expected": expected, "resolver": server.address}
        finding = asyncio.run(check(Job(ID, "dns", name, 1, 0, config)))
    assert (finding.verdict, finding.error_code) == found


def test_a_private_answering_only_where_the_operator_allows(settings: Settings) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = False
    job = Job(ID, "dns", "shop.example", 1, 0, {"resolver": "127.0.0.1:53"})
    finding = asyncio.run(check(job))
    assert finding.error_code == "private_target"
