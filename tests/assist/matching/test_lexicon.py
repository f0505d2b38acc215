import pytest

from assist.matching.concepts import read
from assist.matching.languages import SUPPORTED, languages_of
from assist.matching.lexicon import FOLDER, lexicon
from assist.matching.spelling import mend
from assist.matching.text import fold, tokens


def names(text: str, *languages: str) -> set[str]:
    folded = fold(text)
    found = read(folded, tokens(folded), languages).spans
    return {lexicon().concepts[number].name for number in found}


def test_every_language_of_the_page_has_a_vocabulary() -> None:
    assert set(SUPPORTED) <= set(lexicon().languages)


def test_concepts_are_written_once_and_neighbours_exist() -> None:
    lines = [
        line
        for path in FOLDER.glob("*.txt")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    written = [line.split()[1] for line in lines if line.startswith("= ")]
    neighbours = {
        pair.split()[0] for line in lines if line.startswith("~ ") for pair in line[2:].split(",")
    }

    assert len(written) == len(set(written))
    assert neighbours <= set(written)


def test_a_negated_phrase_needs_its_negation() -> None:
    assert "missing" in names("my refund has not arrived", "en")
    assert "missing" not in names("my refund has arrived", "en")


@pytest.mark.parametrize(
    ("plain", "polite"),
    [
        ("カードが使えない", "カードが使えません"),
        ("カードが戻ってこない", "カードが戻ってきません"),
        ("応答がない", "応答がありません"),
        ("商品が足りない", "商品が足りません"),
        ("音がしない", "音がしません"),
    ],
)
def test_polite_japanese_denies_as_plain_japanese_does(plain: str, polite: str) -> None:
    assert names(polite, "ja") == names(plain, "ja")


def test_objections_to_a_duty_are_read() -> None:
    assert "duty" in names("why do i have to verify my identity", "en")
    assert "duty" in names("Muss ich wirklich meinen Ausweis zeigen?", "de")
    assert "duty" not in names("my identity could not be verified", "en")


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("الكود ما وصلش", "missing"),
        ("الحوالة موصلتش لأخويا", "missing"),
        ("ما عم يوصلني شي", "missing"),
        ("مش راضي يحول", "cannot"),
        ("مقدرتش أدفع", "cannot"),
        ("مابغاش يخلص", "cannot"),
        ("التطبيق مو شغال", "broken"),
        ("التطبيق مايشتغل", "broken"),
        ("الصفحة مبتفتحش", "blank"),
        ("مب أنا اللي سويتها", "unrecognised"),
    ],
)
def test_spoken_arabic_denies_in_many_ways(text: str, concept: str) -> None:
    assert concept in names(text, "ar")


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("وصلتني البطاقة", "missing"),
        ("ما الوقت الذي تصل فيه البطاقة", "missing"),
        ("ما الذي وصلني اليوم", "missing"),
        ("التطبيق شغال", "broken"),
        ("أقيم في مراكش", "neg"),
        ("معاش التقاعد", "neg"),
    ],
)
def test_what_denies_nothing_in_arabic_is_no_fault(text: str, concept: str) -> None:
    assert concept not in names(text, "ar")


def test_a_short_arabic_word_is_not_mended_into_another() -> None:
    words = mend(tokens(fold("كيف احذف حسابي")), ("ar",), {}, frozenset())

    assert [word.text for word in words] == ["كيف", "احذف", "حسابي"]


def test_short_foreign_stems_do_not_collide_with_english() -> None:
    assert "exchangerate" in names("kur çok yanlış", "tr")
    assert "exchangerate" not in names("kur", "en")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("my payment failed", "en"),
        ("Meine Zahlung ist fehlgeschlagen", "de"),
        ("支払いがエラーになって決済できない", "ja"),
        ("付款失败了", "zh"),
        ("فشلت عملية الدفع", "ar"),
        ("Оплата не прошла", "ru"),
        ("webhook延迟", "zh"),
        ("la página web no carga", "es"),
        ("a página não abre", "pt"),
    ],
)
def test_the_likeliest_language_comes_first(text: str, language: str) -> None:
    assert languages_of(text)[0] == language
