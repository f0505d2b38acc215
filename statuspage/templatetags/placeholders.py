"""Texts with placeholders as staff read them."""

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from statuspage.language.standard import PLACEHOLDER

register = template.Library()
CUT = re.compile(f"({PLACEHOLDER.pattern})")


@register.filter
def placeholders(text: str) -> SafeString:
    """Keep each placeholder in its own direction, so that it is not read backwards."""
    return format_html_join("", "{}", ((_part(part),) for part in CUT.split(text)))


def _part(part: str) -> SafeString | str:
    return format_html('<bdi dir="ltr">{}</bdi>', part) if CUT.fullmatch(part) else part
