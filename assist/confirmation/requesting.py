"""Whether a reply asks for updates in so many words, whatever was said before it. Pure.

A "yes" answers the last question, and "please do" does too. "Yes please, keep me posted" says by
itself what it wants.
"""

import re
from collections.abc import Sequence

from assist.confirmation.analyzer import Confirmation, analyze, plain, spoken
from assist.confirmation.mail import own_words
from assist.confirmation.tagging import UNSPACED
from assist.matching.text import clean

# Words for being kept informed. "Tell me" and "send it" may want anything, and are not among them.
_OF_UPDATES = {
    "en": r"posted|updates?|updated|informed|notif\w+|in the loop|up to date"
    r"|let (?:me|us) know (?:when|once|as soon as)|tell (?:me|us) (?:when|once|as soon as)",
    "de": r"auf dem laufenden|auf dem stand|informier\w*|benachrichtig\w*|updates?|bescheid",
    "fr": r"au courant|inform\w+|preven\w+|averti\w+|notifi\w+|mises? a jour",
    "es": r"avis\w+|inform\w+|al tanto|al corriente|notifi\w+|actualizaciones|novedades",
    "pt": r"avis\w+|inform\w+|a par|atualiza\w+|notific\w+|novidades",
    "it": r"aggiorn\w+|inform\w+|avvis\w+|avvert\w+|notific\w+|al corrente",
    "nl": r"op de hoogte|updates?|inform\w+|laat (?:me|mij|ons|het) \w*\s*weten|meldingen",
    "da": r"opdater\w*|underret\w*|informer\w*|besked",
    "sv": r"uppdater\w*|underratt\w*|informer\w*|meddela\w*",
    "pl": r"inform\w+|powiad\w+|na biezaco|aktualizacj\w+|(?:daj|dajcie|dac|dawajcie) znac",
    "tr": r"haber\w*|bilgilendir\w*|bildir\w*|guncelle\w*",
    "ja": r"更新|通知|(?:お)?知らせ|連絡",
    "zh": r"通知|更新|告诉我|进展|有消息",
    "ar": r"\w*بلغ\w*|\w*اخبر\w*|\w*تحديثات|\w*اشعار\w*|\w*علم\w*|اطلاع",
    "ru": r"в курсе|уведом\w+|сообщ\w+|обновлени\w+|оповещ\w+|информир\w+",
}
_READ = {
    language: re.compile(words if language in UNSPACED else rf"(?<!\w)(?:{words})(?!\w)")
    for language, words in _OF_UPDATES.items()
}


def requests(reply: str, *, language: str | None = None, about: Sequence[str] = ()) -> bool:
    """Whether a reply would be a yes to an offer of updates and also names them."""
    reply = own_words(reply)
    if analyze(reply, language=language, about=about) is not Confirmation.YES:
        return False
    folded = plain(clean(reply))
    return any(_READ[one].search(folded) for one in spoken(reply, language))
