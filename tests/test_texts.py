import pytest

from atender.texts import is_seen


@pytest.mark.parametrize("character", ["a", "…", "漢", "\U0001f600", "\U0001fae8", "\ue000"])
def test_what_leaves_a_mark_is_seen_also_if_it_is_newer_than_this_python(character: str) -> None:
    assert is_seen(character)


@pytest.mark.parametrize("character", [" ", "\u00a0", "\u2028", "\t", "\u200b", "\u202e", "\ud800"])
def test_what_leaves_none_is_not(character: str) -> None:
    assert not is_seen(character)
