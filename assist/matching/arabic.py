"""Take negations off words of spoken Arabic, where they are written as one with the verb."""

import re

NOT = "مش"
_AROUND = re.compile("[وف]?م(ا?)([\u0621-\u064a]{3,})ش")
_BEFORE = re.compile(
    "[وف]?ما(ب?[ايتن]?"
    "(?:فتح|شتغل|وصل|ظهر|طلع|قبل|رضي|خلي|دخل|حمل|ضبط|زبط|سمح|كمل|مشي|نزل|حفظ|رسل|قدر|شوف|لقي|"
    "ستلم|سوي|رجع|تحول|صرف|سحب|جاني|جات|تفعل|ندفع|نحفظ|ضاف|تحدث|ستجيب|تنفذ|نفذ|عمل)"
    "[\u0621-\u064a]*)"
)
_NO_NEGATION = frozenset({"مراكش", "مناقش", "متوحش", "منتعش", "مرتعش", "ماعمل", "ماعملي"})
# "ما" before these asks, or is a part of another word ("ما زال": still).
_ASKING = frozenset(
    ("هو", "هي", "هذا", "هذه", "هذي", "هاد", "هاي", "ذلك", "الذي", "اذا",
     "سبب", "معني", "زال", "زلت", "زالت", "زالوا", "زلنا", "شاء", "فائده", "المقصود")
)  # fmt: skip


def without_negation(word: str) -> tuple[str, ...]:
    """Answer "not" and the verb where a word is both ("ماوصلتش"), else the word alone."""
    if word in _NO_NEGATION:
        return (word,)
    around = _AROUND.fullmatch(word)
    # "مفروش" and its like are adjectives.
    if around and (around[1] or len(around[2]) > 3 or not around[2].endswith("و")):
        return (NOT, around[2])
    before = _BEFORE.fullmatch(word)
    return (NOT, before[1]) if before else (word,)


def asks(word: str, following: str) -> bool:
    """Tell the "ما" that asks or goes on ("ما زال") from the one that denies."""
    return word == "ما" and (following in _ASKING or following.startswith("ال"))
