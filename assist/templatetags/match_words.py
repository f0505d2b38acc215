"""`{% load match_words %}`: what a card calls itself."""

from django import template

register = template.Library()

EVEN_PERCENT = 50


@register.filter
def kind_of_match(percent: int | None) -> str:
    """A bar may lie below one half: what is right less often than not is not called likely."""
    is_likely = percent is not None and percent >= EVEN_PERCENT
    return "Likely match" if is_likely else "Possible match"
