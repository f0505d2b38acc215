import re
from functools import lru_cache
from math import log
from pathlib import Path

from py3langid.langid import LanguageIdentifier

# Of py3langid's model what is asked here; written by `training/languages.py`.
FILE = Path(__file__).with_name("languages.npz.xz")

NAMES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "pt": "Portuguese",
    "it": "Italian",
    "nl": "Dutch",
    "pl": "Polish",
    "sv": "Swedish",
    "da": "Danish",
    "tr": "Turkish",
    "ja": "Japanese",
    "zh": "Chinese",
    "ar": "Arabic",
    "ru": "Russian",
}
SUPPORTED = tuple(NAMES)
# As ISO 639 says: undetermined.
UNSUPPORTED = "und"
LATIN = ("en", "de", "fr", "es", "pt", "it", "nl", "pl", "sv", "da", "tr")
_KANA = re.compile("[\u3040-\u30ff]")
_HAN = re.compile("[\u3400-\u9fff]")
_ARABIC = re.compile("[\u0600-\u06ff]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
# Latin up to Vietnamese's; half- and full-width forms; and the scripts above.
_KNOWN = re.compile(
    "[\u0041-\u024f\u1e00-\u1eff\uff00-\uff9f\u3005-\u3007\u0621-\u06ff"
    "\u0400-\u04ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"
)
# Of neighbours that share a script: Ukrainian, Belarusian, Serbian, Kazakh …; Persian, Urdu.
_NOT_RUSSIAN = re.compile("[іїєґўђћџљњјѓќѕәғқңөұүһ]", re.IGNORECASE)
_NOT_ARABIC = re.compile("[پچژگکیٹڈڑںہھے]")
# A word has two ideographs or so, and six letters.
_LETTERS_OF = {"ja": 6, "zh": 6, "ar": 3, "ru": 3}
# The words that carry sentences. Of two neighbours, a few letters say less than "la" and "não" do.
_CARRYING = {
    "en": "the is my i it not and you a to of in on me was are this do we for no why what",
    "de": "der die das ist nicht ich und mein meine ein eine es auf zu mit was kein wir im den weg",
    "fr": "le la les est pas je et mon ma un une ne de du des en ce que sur plus vous",
    "es": "el la los las es no y mi un una en de del que por con se me lo está al muy pero",
    "pt": "o a os as é não e meu minha um uma em de do da que por com se me está ao na no mas",
    "it": "il la lo gli le è non e mio mia un una in di del che per con si mi ho sono alla no",
    "nl": "de het een is niet ik en mijn in op van dat kan geen te wat er maar voor we",
    "pl": "nie i w na jest mi mój moja się z do co to że mam jak",
    "sv": "och är inte jag min mitt en ett på att det kan kommer men i av har vi den när nere",
    "da": "og er ikke jeg min mit en et på at det kan kommer men i af har vi den når",
    "tr": "bir ve bu benim değil neden için çok ne mi var yok ben nasıl olmuyor",
}
_CARRIES = {language: frozenset(words.split()) for language, words in _CARRYING.items()}
_WORD = re.compile(r"[^\W\d_]+")
_LIKELY = 0.08
_MOST_READ = 3


@lru_cache(maxsize=1)
def identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_modelpath(FILE, norm_probs=True)


def languages_of(text: str) -> tuple[str, ...]:
    """Name the languages to read the text in, likeliest first; the script decides where it can."""
    scripts = (("ja", _KANA), ("zh", _HAN), ("ar", _ARABIC), ("ru", _CYRILLIC))
    counts = [(language, len(script.findall(text))) for language, script in scripts]
    letters = sum(character.isalpha() for character in text)
    kana, han = counts[0][1], counts[1][1]
    if kana and (kana + han) * _LETTERS_OF["ja"] >= letters:
        return ("ja",)
    language, count = max(counts[1:], key=lambda pair: pair[1])
    if count and count * _LETTERS_OF[language] >= letters:
        return (language,)
    if not letters:
        return ("en",)
    ranked = identifier().rank(text)
    likely = {language: share for language, share in ranked[:_MOST_READ] if share >= _LIKELY}
    return _likeliest_first(likely, text) or (ranked[0][0],)


def _likeliest_first(shares: dict[str, float], text: str) -> tuple[str, ...]:
    """Order languages by share and carrying words; each such word counts as e times the share."""
    if len(shares) < 2:
        return tuple(shares)
    words = _WORD.findall(text.lower())

    def weight(language: str) -> float:
        return log(shares[language]) + sum(word in _CARRIES[language] for word in words)

    return tuple(sorted(shares, key=weight, reverse=True))


def is_foreign(text: str) -> bool:
    """Whether the letters alone tell that a text is in none of the supported languages.

    It is matched all the same, since product names are spelt as everywhere; but whoever writes
    Ukrainian is not to be answered in Russian, nor Korean in whatever is nearest.
    """
    if _NOT_RUSSIAN.search(text) or len(_NOT_ARABIC.findall(text)) > 1:
        return True
    letters = [character for character in text if character.isalpha()]
    strange = sum(not _KNOWN.match(character) for character in letters)
    return strange * 3 >= max(len(letters), 1)
