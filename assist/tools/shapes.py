"""What the tools take, checked alike at every door."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assist.tools.status_check import LARGEST_LIMIT
from atender.api.fields import Flag, Number, Text, Words
from atender.api.strict import Body
from atender.refusals import Refused

PROVED = "The channel vouches that the address is the customer's, so that it need not be asked."
LANGUAGE = r"\A[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*\Z"
NOTHING_ASKED = "Send the customer's words as 'message', or some of them as 'keywords'."
LONGEST_REPLY = 20_000


class LanguageField(serializers.RegexField):
    """A language by its code."""

    default_error_messages = {"invalid": "A language is named by its code, as in de or pt-BR."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(LANGUAGE, max_length=12, **kwargs)


@extend_schema_field(
    {"oneOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]}
)
class KeywordsField(serializers.ListField):
    """A list or, from many a model, one text."""

    child = Words(allow_blank=True)

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(data.split() if isinstance(data, str) else data)


class Question(Body):
    message = Words(required=False, allow_blank=True)
    keywords = KeywordsField(required=False)
    limit = Number(required=False, default=3, min_value=1, max_value=LARGEST_LIMIT)
    language = LanguageField(
        required=False,
        help_text="Not needed, as the words' own language is read; taken since the other tool "
        "takes it.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        words = attrs.get("message") or " ".join(attrs.get("keywords", []))
        return {"words": words, "limit": attrs["limit"]}


class Answered(Body):
    """A customer's answer to the offer of updates."""

    incident_id = Text(help_text="As status_check answered it.")
    email = Text()
    reply = Words(
        allow_blank=True,
        max_length=LONGEST_REPLY,
        help_text="The customer's own words, unchanged and untranslated.",
    )
    language = LanguageField(required=False, help_text="Of the conversation, such as `de`.")
    address_proved = Flag(default=False, help_text=PROVED)


def words_of(question: dict[str, Any]) -> str:
    """The words that were asked with; raises Refused where there are none."""
    words = str(question["words"])
    if not words.strip():
        raise Refused(NOTHING_ASKED, field="message")
    return words
