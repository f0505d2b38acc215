import pytest

from atender.addresses import clean_address
from atender.refusals import Refused


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (" maria@example.com ", "maria@example.com"),
        ("Maria.Santos+status@Example.COM", "Maria.Santos+status@example.com"),
        ("info@bücher.example", "info@xn--bcher-kva.example"),
        ("info@straße.example", "info@xn--strae-oqa.example"),
        ("info@BÜCHER。example", "info@xn--bcher-kva.example"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
        ("o'neill@example.co.uk", "o'neill@example.co.uk"),
    ],
)
def test_what_can_be_mailed(given: str, kept: str) -> None:
    assert clean_address(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "",
        "maria",
        "maria@localhost",
        "maria@exa mple.com",
        "a@b@example.com",
        '"quoted local"@example.com',
        "мария@example.com",
        "maria@example.com\nBcc: x@example.com",
        "maria@" + "a" * 64 + ".com",
        "maria@.com",
        "maria@[127.0.0.1]",
        "maria@[IPv6:::1]",
        "a" * 65 + "@example.com",
        "maria@\N{ZERO WIDTH JOINER}.example",
        "maria@" + "ü" * 300 + ".example",
        "maria@example..com",
    ],
)
def test_what_cannot(given: str) -> None:
    with pytest.raises(Refused, match=r"you@example\.com"):
        clean_address(given)
