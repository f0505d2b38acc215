"""Texts of other pages, which hold HTML, as plain text with line breaks. Pure."""

import re
from collections.abc import Set
from html.parser import HTMLParser

# Elements that end a line; those listed as paragraphs also get a blank line.
BREAKS = frozenset({"br", "div", "tr", "dt", "dd", "section", "article", "header", "footer"})
PARAGRAPHS = frozenset(
    {"p", "ul", "ol", "dl", "table", "pre", "blockquote", "hr", "h1", "h2", "h3", "h4", "h5", "h6"}
)
INLINE = frozenset(
    {
        *("a", "abbr", "b", "big", "bdi", "bdo", "button", "center", "cite", "code", "col", "del"),
        *("details", "dfn", "em", "figcaption", "figure", "font", "form", "i", "img", "input"),
        *("ins", "kbd", "label", "main", "mark", "nav", "q", "s", "samp", "small", "span"),
        *("strike", "strong", "sub", "summary", "sup", "tbody", "td", "tfoot", "th", "thead"),
        *("time", "tt", "u", "var", "wbr", "body", "html", "li"),
    }
)
# Their content is for machines.
SILENT = frozenset(
    {
        *("script", "style", "head", "title", "template", "noscript", "iframe", "object", "embed"),
        *("svg", "math", "canvas", "audio", "video", "textarea", "select"),
    }
)
KNOWN = BREAKS | PARAGRAPHS | INLINE | SILENT | {"link", "meta"}
LINKED = re.compile(r"https?://", re.IGNORECASE)
SURROGATE = re.compile(r"[\ud800-\udfff]")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
ENDING = re.compile(r"</([a-z]+)", re.IGNORECASE)
# What follows is not read: several times what is kept of a text, and Python's parser takes time
# that grows with the square of what was written to mislead it.
LONGEST_HTML = 50_000


def plain_text(html: str) -> str:
    """Return the words without mark-up: breaks as line ends, links with their address behind.

    What only looks like a tag, as in <your account>, stays; so does text without any mark-up.
    """
    html = storable(html[:LONGEST_HTML].replace("\r\n", "\n").replace("\r", "\n"))
    parser = _Words(closed={ending.lower() for ending in ENDING.findall(html)})
    parser.feed(html)
    parser.close()
    lines = [line.strip(" \t\xa0") for line in "".join(parser.words).split("\n")]
    return storable(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip())


def plain_line(html: str) -> str:
    """The same on one line."""
    return " ".join(plain_text(html).split())


def storable(text: str) -> str:
    """Return text without what no database keeps: control characters, halves of pairs."""
    return CONTROL.sub("", SURROGATE.sub("\ufffd", text))


class _Words(HTMLParser):
    def __init__(self, *, closed: Set[str]) -> None:
        """`closed` has the names of all elements that the text closes anywhere."""
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._closed = closed
        self._silenced_by: list[str] = []
        self._link = ""
        self._link_begins = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in KNOWN:
            self._say(self.get_starttag_text() or "")
        elif tag in SILENT:
            self._silence(tag)
        elif tag == "li":
            self._break()
            self._say("– ")
        elif tag == "a":
            self._link = dict(attrs).get("href") or ""
            self._link_begins = len(self.words)
        else:
            self._space(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in SILENT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            if tag in self._silenced_by:
                del self._silenced_by[self._silenced_by.index(tag) :]
        elif tag == "a":
            self._show_address()
        elif tag not in KNOWN:
            self._say(f"</{tag}>")
        elif tag != "br":
            self._space(tag)

    def handle_data(self, data: str) -> None:
        # A line end that follows a break is only how the source was laid out.
        after_break = bool(self.words) and self.words[-1] == "\n"
        self._say(data.lstrip(" \t\n") if after_break else data)

    def _silence(self, tag: str) -> None:
        """Leave out what the tag holds; one that is never closed holds nothing."""
        if tag in ("script", "style") or tag in self._closed:
            self._silenced_by.append(tag)

    def _say(self, words: str) -> None:
        if words and not self._silenced_by:
            self.words.append(words)

    def _space(self, tag: str) -> None:
        if tag in PARAGRAPHS:
            self._break()
            self._say("\n")
        elif tag == "br":
            self._say("\n")
        elif tag in BREAKS:
            self._break()

    def _break(self) -> None:
        if self.words and not self.words[-1].endswith("\n"):
            self._say("\n")

    def _show_address(self) -> None:
        if LINKED.match(self._link):
            said = "".join(self.words[self._link_begins :]).strip()
            if self._link.rstrip("/") != said.rstrip("/"):
                self._say(f" ({self._link})" if said else self._link)
        self._link = ""
