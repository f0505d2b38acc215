"""Markdown as staff write it, made safe for every reader: post-mortems and runbooks.

Raw HTML is text; images become links, so that reading a page never calls on another server.
What the renderer made is cleaned once more by a second library with a list of its own.
"""

from collections.abc import Sequence
from typing import Any

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code"),
    *("ul", "ol", "li", "em", "strong", "s", "a"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}
SMALLEST_HEADING = 6


def render_markdown(text: str, *, top_heading: int = 3) -> SafeString:
    """Return HTML of CommonMark with tables and strike-through.

    The highest heading is of level `top_heading`, and none skips a level on its way down,
    whatever its number of signs: who listens to a page goes from heading to heading.
    """
    made = _renderer.render(text, {"top_heading": top_heading})
    cleaned = nh3.clean(
        made,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener nofollow ugc",
    )
    return mark_safe(cleaned)  # noqa: S308 – just cleaned


def _lower_headings(state: StateCore) -> None:
    """Make room for the headings of the screen that the text is part of."""
    top = state.env.get("top_heading", 1)
    within: list[int] = []
    for token in state.tokens:
        if token.type == "heading_open":
            written = int(token.tag[1])
            within = [*(level for level in within if level < written), written]
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(top + len(within) - 1, SMALLEST_HEADING)}"


def _image_as_link(
    renderer: RendererHTML, tokens: Sequence[Token], place: int, options: Any, env: Any
) -> str:
    image = tokens[place]
    words = escape(renderer.renderInlineAsText(image.children or [], options, env))
    is_in_link = sum(t.nesting for t in tokens[:place] if t.type.startswith("link_"))
    address = str(image.attrs.get("src", ""))
    if is_in_link or not address:
        return words
    return f'<a href="{escape(address)}">{words or escape(address)}</a>'


_renderer = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_renderer.core.ruler.push("lower_headings", _lower_headings)
_renderer.add_render_rule("image", _image_as_link)
