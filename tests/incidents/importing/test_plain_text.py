import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.importing.plain_text import LONGEST_HTML, plain_line, plain_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain\n\ntext", "plain\n\ntext"),
        ("one<br />two<br>\nthree", "one\ntwo\nthree"),
        ("<p>One</p><p>Two</p>\n<p>Three &amp; <b>four</b></p>", "One\n\nTwo\n\nThree & four"),
        ("a\r\n\r\nb<br>\r\n<br>\r\nc", "a\n\nb\n\nc"),
        ("<ul><li>a</li><li>b</li></ul>after", "– a\n– b\n\nafter"),
        ("<div>a<div>b</div></div>c", "a\nb\nc"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("see <a href='https://x.example/z'>here</a>.", "see here (https://x.example/z)."),
        ('<a href="https://x.example/">https://x.example</a>', "https://x.example"),
        ('<a href="https://x.example/"></a>', "https://x.example/"),
        ('<a href="javascript:alert(1)">look</a>', "look"),
        ("&lt;script&gt;x&lt;/script&gt; &eacute;&#8211;&#x1F600;", "<script>x</script> é–😀"),
        ("<script>alert(1)</script>ok<style>p{}</style>", "ok"),
        ("<svg><script>x</svg>", ""),
        ("<img src=x onerror=alert(1)>ok", "ok"),
        ("<iframe src=x>inner</iframe>ok", "ok"),
        ("see the <title> of the page", "see the  of the page"),
        ("<!-- hidden -->shown<!doctype html>", "shown"),
        ("less < 5 and > 3, 5<6", "less < 5 and > 3, 5<6"),
        ("sign in as <your account>", "sign in as <your account>"),
        ("<p>never <b>closed", "never closed"),
        ("before<script>never closed", "before"),
        ("a\u200fb \ud800 c", "a\u200fb \ufffd c"),
        ("", ""),
        ("<br><br>", ""),
    ],
)
def test_mark_up_becomes_lines(html: str, text: str) -> None:
    assert plain_text(html) == text


def test_a_line_is_one_line() -> None:
    assert plain_line(" <b>Slow</b><br>\n answers&nbsp;there ") == "Slow answers there"


@given(st.text(alphabet=st.sampled_from("<>/&;!-abp \n\"'=scriptli#x0"), max_size=80))
def test_no_text_is_too_odd(html: str) -> None:
    text = plain_text(html)
    assert text == text.strip()
    assert "\n\n\n" not in text


def test_much_nesting_takes_no_time() -> None:
    assert plain_text("<div>" * 9_000 + "x") == "x"
    assert plain_text("<a href=https://x.example>" * 1_900 + "x").startswith("x")
    assert plain_text("<svg>" * 9_000 + "x") == "x"
    assert plain_text("x</a>" * 9_000) == "x" * 9_000


def test_of_an_endless_text_the_beginning_is_read() -> None:
    assert len(plain_text("x" * 2_000_000)) == LONGEST_HTML
