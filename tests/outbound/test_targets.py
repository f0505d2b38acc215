import pytest
from pytest_django import Settings

from atender.outbound.targets import check_url, port_of
from atender.refusals import Refused


@pytest.fixture(autouse=True)
def no_private_targets(settings: Settings) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = False


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("https://status.example.com", "https://status.example.com"),
        ("  HTTPS://Status.Example.com/a?b=c#d ", "https://status.example.com/a?b=c"),
        ("http://example.com:8080/hook", "http://example.com:8080/hook"),
        ("https://bücher.example/straße", "https://xn--bcher-kva.example/stra%C3%9Fe"),
        ("https://[2606:4700:4700::1111]/", "https://[2606:4700:4700::1111]/"),
        ("https://example.com./", "https://example.com./"),
        ("https://example.com/%0d%0aX-Evil:%201", "https://example.com/%0d%0aX-Evil:%201"),
    ],
)
def test_these_may_be_called(text: str, means: str) -> None:
    assert str(check_url(text)) == means


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "begins with http"),
        ("status.example.com", "begins with http"),
        ("ftp://example.com/", "begins with http"),
        ("file:///etc/passwd", "begins with http"),
        ("gopher://example.com/", "begins with http"),
        ("javascript:alert(1)", "begins with http"),
        ("https://", "names no host"),
        ("https:///path", "names no host"),
        ("https://user:secret@example.com/", "no user name or password"),
        ("https://example.com@127.0.0.1/", "no user name or password"),
        ("https://example.com\\@127.0.0.1/", "no user name or password"),
        ("https://exa mple.com/", "names no host"),
        ("https://example..com/", "names no host"),
        ("https://%31%32%37.0.0.1/", "names no host"),
        ("https://example.com\\.evil/", "names no host"),
        ("https://-dash.example/", "names no host"),
        ("https://" + "a." * 200 + "example/", "names no host"),
        ("https://example.com/\r\nX-Evil: 1", "This is no address"),
        ("https://example.com/\x00", "This is no address"),
        ("https://127.0.0.1.:80:80/", "This is no address"),
        ("https://example.com:99999/", "Port 99999"),
        ("https://example.com:0/", "Port 0"),
        ("https://example.com:22/", "Port 22"),
        ("https://example.com:25/", "Port 25"),
        ("https://256.1.1.1/", "This is no address"),
        ("https://0177.0.0.1/", "This is no address"),
        ("https://10.0.0.1/", "private network"),
        ("http://169.254.169.254/latest/meta-data/", "private network"),
        ("http://[::1]/", "private network"),
        ("http://[::ffff:10.0.0.1]/", "private network"),
        ("http://[fe80::1%25eth0]/", "private network"),
        ("https://example.com/" + "a" * 2100, "at most 2048 characters"),
    ],
)
def test_these_may_not(text: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        check_url(text, field="address")
    assert refused.value.field == "address"


def test_an_operator_may_allow_private_ones(settings: Settings) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True
    assert str(check_url("http://127.0.0.1:8000/")) == "http://127.0.0.1:8000/"


@pytest.mark.parametrize(
    ("text", "port"),
    [("http://a.example", 80), ("https://a.example", 443), ("http://a.example:8443", 8443)],
)
def test_the_port_is_the_schemes_unless_it_is_named(text: str, port: int) -> None:
    assert port_of(check_url(text)) == port
