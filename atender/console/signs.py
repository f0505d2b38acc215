"""Words with a colour and a shape, by which states differ in greyscale too."""

from django.utils.html import format_html
from django.utils.safestring import SafeString


def tag(words: str, tone: str = "", shape: str = "") -> SafeString:
    """Return the words as a tag; `tone` names its colour in the style sheet, none is plain."""
    if shape:
        words = format_html('<span aria-hidden="true">{}</span> {}', shape, words)
    return format_html('<span class="{}">{}</span>', f"tag {tone}".rstrip(), words)
