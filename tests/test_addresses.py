import pytest

from atender.addresses import clean_address
from atender.refusals import Refused


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (" maria@example.com ", "maria@example.com"),
        ("Maria.Santos+status@Example.COM", "Maria.Santos+status@example.com"),
        ("info@bücher.example", "info@xn--bcher-kva.example"),
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
        "maria@example..com",
    ],
)
def test_what_cannot(given: str) -> None:
    with pytest.raises(Refused, match=r"you@example\.com"):
        clean_address(given)
