import pytest

from assist.matching.wrapping import unwrap


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            "Hi team,\n\nmy top up failed\n\nBest regards,\nAnna\nHead of Payments",
            "my top up failed",
        ),
        ("Hello there! my card was declined. Thanks, John", "my card was declined."),
        ("Guten Tag,\n\nes geht nicht.\n\nMit freundlichen Grüßen\nMax", "es geht nicht."),
        (
            "お世話になっております。\nログインできません。\nよろしくお願いいたします。\n田中",
            "ログインできません。",
        ),
        ("مرحبا،\nفشل التحقق من هويتي\nمع التحية\nأحمد", "فشل التحقق من هويتي"),
        ("Dear support,\nmy refund is missing\n\n-- \nBob\nCEO", "my refund is missing"),
        ("> older words\n> more\nstill broken here", "still broken here"),
    ],
)
def test_the_complaint_alone_is_left(text: str, left: str) -> None:
    assert unwrap(text) == left


@pytest.mark.parametrize("text", ["Hello", "thanks", "Best regards", ""])
def test_where_nothing_would_be_left_the_text_stays(text: str) -> None:
    assert unwrap(text) == text
