"""Whether a few words name anything that customers have trouble with."""

from assist.matching.concepts import read
from assist.matching.languages import languages_of
from assist.matching.lexicon import lexicon
from assist.matching.text import clean, fold, tokens

# Where an offer of updates by mail is answered, these are about the offer.
OF_THE_OFFER = frozenset({"email", "notification", "subscription"})


def names_a_subject(text: str) -> bool:
    """Whether the text is about a part of the product, an offer of updates by mail left aside."""
    folded = fold(clean(text))
    reading = read(folded, tokens(folded), languages_of(text))
    concepts = lexicon().concepts
    return any(
        concepts[number].kind == "subject" and concepts[number].name not in OF_THE_OFFER
        for number in reading.spans
    )
