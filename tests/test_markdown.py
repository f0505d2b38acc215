"""What staff write in Markdown, and what hostile text makes of it: nothing."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atender.markdown import ATTRIBUTES, TAGS, render_markdown

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=https://evil.example></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "![x](data:image/svg+xml;base64,PHN2Zy8+)",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    "[![x](javascript:alert(1))](data:text/html,x)",
    "[![x](https://evil.example/a.png)](https://evil.example)",
    '[x](https://e.example "\\" onmouseover=alert(1) a=\\"")',
    "[x](https://e.example/\"onmouseover='alert(1)')",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    '<https://e.example/"onclick=alert(1)>',
    "`<script>alert(1)</script>`",
    "```html onload=alert(1)\n<script>alert(1)</script>\n```",
    "| a |\n|--|\n| <img src=x onerror=alert(1)> |",
    "> * [x](javascript:alert(1)) <b onclick=alert(1)>",
    "<!-- --><script>alert(1)</script><!-- -->",
    "<style>*{display:none}</style>",
    "<form action=https://evil.example><input name=p></form>",
    "x\x00<scr\x00ipt>alert(1)</script>",
    "\u202e[x](javascript:alert(1))\u202c",
    "# <img/src/onerror=alert(1)>",
]


class Reader(HTMLParser):
    """Reads HTML as a browser does and notes what stands in it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def elements(html: str) -> list[tuple[str, dict[str, str | None]]]:
    reader = Reader()
    reader.feed(html)
    return reader.found


def assert_harmless(html: str) -> None:
    for tag, attributes in elements(html):
        assert tag in TAGS, html
        assert set(attributes) <= ATTRIBUTES.get(tag, set()) | {"rel"}, html
        if tag == "a":
            assert attributes["rel"] == "noopener nofollow ugc"
            address = re.sub(r"[\x00-\x20]", "", attributes.get("href") or "").casefold()
            scheme = re.match(r"[a-z][a-z0-9+.-]*:", address)
            assert scheme is None or scheme[0] in ("http:", "https:", "mailto:"), html


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_never_done(text: str) -> None:
    assert_harmless(render_markdown(text))


@given(st.lists(st.sampled_from([*HOSTILE, "[", "](", ")", "**", "\n", "> ", "- ", "`", "<", "&"])))
def test_hostile_text_stays_harmless_in_any_company(pieces: list[str]) -> None:
    assert_harmless(render_markdown("".join(pieces)))


def test_raw_html_is_read_as_text() -> None:
    assert render_markdown("a <b>bold</b> claim") == "<p>a &lt;b&gt;bold&lt;/b&gt; claim</p>\n"


def test_what_staff_write_is_understood() -> None:
    html = render_markdown(
        "## Cause\n\nThe *old* **pool** was ~~full~~ `10`.\n\n3. one\n4. two\n\n"
        "| at | what |\n|---|---:|\n| 14:02 | slow |\n"
    )
    assert "<h3>Cause</h3>" in html
    assert "<em>old</em> <strong>pool</strong> was <s>full</s> <code>10</code>" in html
    assert '<ol start="3">' in html
    assert "<td>14:02</td>" in html


@pytest.mark.parametrize(
    ("signs", "tags"),
    [
        (["#", "##"], ["h3", "h4"]),
        (["##", "##"], ["h3", "h3"]),
        (["#", "######", "##"], ["h3", "h4", "h4"]),
        (["###", "#", "##"], ["h3", "h3", "h4"]),
        (["#", "##", "###", "####", "#####"], ["h3", "h4", "h5", "h6", "h6"]),
    ],
)
def test_headings_stand_below_those_of_the_screen(signs: list[str], tags: list[str]) -> None:
    html = render_markdown("\n\n".join(f"{each} words" for each in signs), top_heading=3)
    assert [tag for tag, _ in elements(html)] == tags


def test_links_lead_to_places_and_say_that_others_wrote_them() -> None:
    (_, (_, web), (_, mail), (_, own)) = elements(
        render_markdown("[a](https://e.example?x=1&y=2) <mailto:x@e.example> [b](/history)")
    )
    assert web == {"href": "https://e.example?x=1&y=2", "rel": "noopener nofollow ugc"}
    assert mail["href"] == "mailto:x@e.example"
    assert own["href"] == "/history"


def test_an_image_is_a_link_to_it() -> None:
    html = render_markdown('![the "graph"](https://e.example/graph.png)')
    assert elements(html)[1] == (
        "a",
        {"href": "https://e.example/graph.png", "rel": "noopener nofollow ugc"},
    )
    assert '>the "graph"</a>' in html
    assert "img" not in html


@pytest.mark.parametrize(
    "text", ["> " * 10_000, "[" * 20_000, "*a " * 6_000, "`" * 20_000, "- " * 10_000, "![" * 9_000]
)
def test_nothing_takes_long(text: str) -> None:
    start = time.process_time()
    assert_harmless(render_markdown(text))
    assert time.process_time() - start < 2
