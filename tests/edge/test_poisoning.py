"""Attacks on a shared cache, one test each: none plants an answer, none splits an entry for others.

What a visitor gets after an attack is compared, byte by byte, with what was there before.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest

from tests.edge.serving import ACME, CONSOLE, GLOBEX, Answer, Installation, Web

MARKER = "evil.example"


@pytest.fixture(scope="module", autouse=True)
def incident(web: Web, installation: Installation) -> str:
    """An incident that is over."""
    incident = installation.open_incident(web, "Of one id there are many spellings")
    installation.post(web, f"/incidents/{incident}/updates", status="resolved")
    web.get(f"/incidents/{incident}")
    return incident


@pytest.fixture(autouse=True)
def unharmed(web: Web, incident: str) -> Iterator[None]:
    """Whatever the test does: the next visitor gets what the last one got."""
    paths = ["/", "/history", "/api/v2/status.json"]
    before = [plain(web.get(path)) for path in paths]
    yield
    # What is told in minutes changes with them.
    after = [plain(web.get(path)) for path in paths]
    assert [answer[:2] for answer in after] == [answer[:2] for answer in before]
    assert MARKER not in str(after)


def plain(answer: Answer) -> tuple[int, str, str, str]:
    """An answer without the moment at which it was made."""
    body = re.sub(r'<p id="as-of".*?</p>', "", answer.text, flags=re.DOTALL)
    return answer.status, answer.headers["content-type"], answer.headers.get("etag", ""), body


def fronts(installation: Installation) -> set[tuple[str, str]]:
    """With which query and in which language the front page is kept.

    In several languages where a test before these gave it some.
    """
    kept = installation.kept("acme")
    return {(asked.query, asked.language) for asked in kept if asked.path == "/"}


def paths(installation: Installation) -> set[str]:
    """The paths below which anything is kept."""
    return {asked.path for asked in installation.kept("acme")}


@pytest.mark.parametrize(
    "header",
    [
        "X-Forwarded-Host",
        "X-Host",
        "X-Forwarded-Server",
        "X-HTTP-Host-Override",
        "X-Original-Host",
        "Forwarded",
        "X-Original-URL",
        "X-Rewrite-URL",
        "X-Forwarded-Prefix",
        "X-Forwarded-Scheme",
        "X-Forwarded-Proto",
        "X-Forwarded-Port",
        "Referer",
        "Origin",
        "Cookie",
        "User-Agent",
        "Via",
    ],
)
def test_unkeyed_header(header: str, web: Web) -> None:
    for path in ("/", "/history?page=2", "/incidents/01JD0000000000000000000000"):
        answer = web.ask("GET", path, headers={header: f"host={MARKER}"})
        assert MARKER not in answer.text
        assert MARKER not in str(answer.headers)


def test_host_header_in_capitals_with_a_port_or_a_dot(web: Web) -> None:
    """The spellings of a name are one page, and none of them is repeated anywhere."""
    known = plain(web.get("/"))
    for host in ("STATUS.acme.LOCALHOST", f"{ACME}:8000", f"{ACME}.", f"{ACME}.:1"):
        answer = web.get("/", host)
        assert plain(answer) == known
        assert "STATUS" not in answer.text


@pytest.mark.parametrize(
    "host",
    [
        f"{ACME}@{MARKER}",
        f"{MARKER}#{ACME}",
        f"{ACME},{MARKER}",
        f"{ACME} {MARKER}",
        f"{ACME}/{MARKER}",
        f"{ACME}:80:80",
        f"{ACME}:{MARKER}",
        f"{ACME}..",
        f".{ACME}",
        f"x.{ACME}",
        "[::1]",
        MARKER,
    ],
)
def test_host_header_that_names_another(host: str, web: Web) -> None:
    answer = web.get("/", host)

    assert answer.status in (400, 404)
    assert b"Acme" not in answer.body


def test_two_host_headers(web: Web) -> None:
    for first, second in ((ACME, GLOBEX), (GLOBEX, ACME), (ACME, MARKER)):
        request = f"GET / HTTP/1.1\r\nHost: {first}\r\nHost: {second}\r\nConnection: close\r\n\r\n"
        answer = web.raw(request.encode())
        assert answer.split(b" ")[1] in (b"400", b"404")


def test_no_host_header_at_all(web: Web) -> None:
    assert web.raw(b"GET / HTTP/1.0\r\n\r\n").split(b" ")[1] in (b"400", b"404")


def test_absolute_form_of_the_request_target(web: Web) -> None:
    """A proxy's way to ask: the host that is served is that of the Host header, as for all."""
    request = f"GET http://{GLOBEX}/ HTTP/1.1\r\nHost: {ACME}\r\nConnection: close\r\n\r\n"
    answer = web.raw(request.encode())

    assert b"Globex" not in answer
    request = f"GET http://{MARKER}/ HTTP/1.1\r\nHost: {ACME}\r\nConnection: close\r\n\r\n"
    assert MARKER.encode() not in web.raw(request.encode())


@pytest.mark.parametrize(
    "query",
    [
        "utm_content=x",
        "cb=1",
        "_method=POST",
        "callback=evil",
        "lang=de",
        "page=2",
        "page=1&page=2",
        "%00",
        "%3Cscript%3E",
        "a" * 3000,
        "&".join(f"a{n}" for n in range(2000)),
    ],
)
def test_unkeyed_and_doubled_parameters(query: str, web: Web, installation: Installation) -> None:
    known = plain(web.get("/"))
    before = fronts(installation)
    for number in range(3):
        assert plain(web.get(f"/?{query}{number}")) == known
    assert fronts(installation) <= before


def test_parameter_cloaking(web: Web) -> None:
    """One parser reads `;` as a separator, another does not: here a value has to be a number."""
    assert web.get("/history?page=1;page=2").status == 404
    assert plain(web.get("/history?x=1;page=2")) == plain(web.get("/history"))
    assert plain(web.get("/history?page=2&page=1")) == plain(web.get("/history?page=1"))


def test_parameters_in_the_body_of_a_get(web: Web) -> None:
    answer = web.ask(
        "GET",
        "/history",
        body="page=2",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert plain(answer) == plain(web.get("/history"))


@pytest.mark.parametrize(
    "path",
    [
        "/%2e%2e/",
        "/..%2fhistory",
        "/history%2f",
        "/history%00",
        "/history%0d%0aX-Evil:1",
        "/%68istory.css",
        "/history/x.css",
        "/history;x.css",
        "/history%3Fpage=2",
        "//history",
        "/%ff",
        "/./history",
    ],
)
def test_path_confusion(path: str, web: Web, installation: Installation) -> None:
    """What is no address of the page is nothing, whatever another server would take it for."""
    answer = web.get(path)

    assert answer.status == 404
    assert answer.headers["etag"] == web.get("/nothing").headers["etag"]
    assert "x-evil" not in answer.headers
    assert not paths(installation) & {path, unquote(path), unquote(path, "latin-1")}


def test_encoded_letters_are_the_letters(web: Web) -> None:
    assert plain(web.get("/%68istory")) == plain(web.get("/history"))


def test_ids_in_small_letters_fill_nothing(
    web: Web, installation: Installation, incident: str
) -> None:
    for place in range(26):
        spelled = incident[:place] + incident[place:].lower()
        assert web.get(f"/incidents/{spelled}").status == 200
    known = {path for path in paths(installation) if incident in path.upper()}
    assert all(incident in path for path in known)
    assert f"/incidents/{incident}" in known


def test_ids_that_lead_nowhere_fill_nothing(web: Web, installation: Installation) -> None:
    for number in range(20):
        assert web.get(f"/incidents/01JD00000000000000000000{number:02}").status == 404
    assert not [path for path in paths(installation) if "01JD00" in path]


@pytest.mark.parametrize(
    "accepted",
    [
        "br;q=0",
        "zstd",
        "gzip;q=1e9",
        "br\x00",
        "gzip, " * 500,
        "*;q=0",
        "identity;q=0",
        "BR , gZip",
    ],
)
def test_accept_encoding_junk(accepted: str, web: Web) -> None:
    answer = web.get("/", Accept_Encoding=accepted.replace("\x00", "%00"))

    assert answer.status == 200
    coding = answer.headers.get("content-encoding", "")
    assert coding in ("", "br", "gzip")
    assert answer.headers["vary"] == "Accept-Encoding"
    assert web.get("/", Accept_Encoding="identity").headers.get("content-encoding") is None


@pytest.mark.parametrize(
    "accepted", ["xx", "de;q=9", "../../etc", "\xe4\xf6\xfc", "de," * 1000, "*", "en" * 400]
)
def test_accept_language_junk(accepted: str, web: Web, installation: Installation) -> None:
    known = plain(web.get("/"))
    before = fronts(installation)

    assert plain(web.get("/", Accept_Language=accepted)) == known
    assert fronts(installation) <= before


@pytest.mark.parametrize("value", ["bytes=0-10", "bytes=-1", "bytes=0-1,5-9", "bytes=9-", "junk"])
def test_range(value: str, web: Web) -> None:
    """A part must never be kept as the whole."""
    answer = web.get("/", Range=value)

    assert answer.status == 200
    assert len(answer.body) == int(answer.headers["content-length"])


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods(method: str, web: Web) -> None:
    answer = web.ask(method, "/")

    assert answer.status in (400, 403, 404, 405, 501)


@pytest.mark.parametrize(
    "header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method"]
)
def test_method_override(header: str, web: Web) -> None:
    known = plain(web.get("/"))
    for method in ("HEAD", "POST", "DELETE", "PURGE"):
        assert plain(web.ask("GET", "/", headers={header: method})) == known


def test_a_body_in_pieces_arrives_whole(web: Web) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded", "Transfer-Encoding": "chunked"}
    pieces = b"9\r\nemail=no-\r\n7\r\naddress\r\n0\r\n\r\n"
    head = "".join(f"{name}: {value}\r\n" for name, value in form.items())
    said = web.raw(
        f"POST /subscribe HTTP/1.1\r\nHost: {ACME}\r\n{head}Connection: close\r\n\r\n".encode()
        + pieces
    )

    assert said.startswith(b"HTTP/1.1 422 ")
    assert b"no-address" in said


@pytest.mark.parametrize(
    ("path", "status"), [("/subscribe", 413), ("/nothing/here", 404), ("/", 405)]
)
def test_who_sends_too_much_reads_why(path: str, status: int, web: Web) -> None:
    """The program sends all of it before it reads, as most do."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = web.ask("POST", path, headers=form, body=b"email=" + b"x" * 10_000_000)

    assert answer.status == status


@pytest.mark.parametrize(("host", "path"), [(MARKER, "/"), (ACME, "/static/nothing.css")])
def test_nobody_waits_for_a_body_that_nothing_reads(web: Web, host: str, path: str) -> None:
    """Whoever never ends theirs would hold one of the threads that serve pages."""
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n"
    said = web.raw(f"{head}Connection: close\r\n\r\n5\r\na=abc\r\n".encode())

    assert re.match(rb"HTTP/1.1 4\d\d ", said)


def test_half_a_form_is_not_taken(web: Web) -> None:
    form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 40\r\n"
    head = f"POST /subscribe HTTP/1.1\r\nHost: {ACME}\r\n{form}Connection: close\r\n\r\n"
    said = web.raw(head.encode() + b"email=bob@example.co", is_all=True)

    assert said.startswith(b"HTTP/1.1 400 ")
    assert b"It could not be read. Nothing was saved" in said


@pytest.mark.parametrize("host", [ACME, CONSOLE, MARKER])
def test_an_encoding_that_is_none_is_no_trouble(web: Web, host: str) -> None:
    for parameter in ("charset=latin-1; charset=hex", "charset*=utf-8''base64", "x*=none''y"):
        kind = {"Content-Type": f"text/plain; {parameter}"}
        for method in ("GET", "POST"):
            assert web.ask(method, "/nothing?x=%ff", host=host, headers=kind).status < 500


def test_purge_purges_nothing(web: Web) -> None:
    web.ask("PURGE", "/")
    web.ask("BAN", "/")


@pytest.mark.parametrize("name", ["Cache-Control", "Pragma", "If-Modified-Since", "If-Range"])
def test_a_visitor_cannot_make_us_forget(name: str, web: Web) -> None:
    known = web.get("/")
    again = web.ask("GET", "/", headers={name: "no-cache"})

    assert again.body == known.body


def test_huge_headers(web: Web) -> None:
    """Those that the server takes change nothing; those that it does not reach nobody."""
    known = plain(web.get("/"))

    assert plain(web.get("/", X_Oversized="a" * 30_000)) == known
    assert web.get("/", X_Oversized="a" * 900_000).status == 431


def test_many_headers(web: Web) -> None:
    headers = {f"X-{number}": "1" for number in range(90)}

    assert web.ask("GET", "/", headers=headers).status in (200, 431)


def test_header_names_with_underscores(web: Web) -> None:
    known = plain(web.get("/"))
    lines = "X_Forwarded_Host: evil.example\r\nHTTP_HOST: evil.example\r\nHost_: evil.example\r\n"
    request = f"GET / HTTP/1.1\r\nHost: {ACME}\r\n{lines}Connection: close\r\n\r\n"
    answer = web.raw(request.encode())

    assert MARKER.encode() not in answer
    assert answer.startswith(b"HTTP/1.1 200")
    assert plain(web.get("/")) == known


@pytest.mark.parametrize("tag", ["*", 'W/"x"', '"', "W/", ", , ,", '"a' * 500])
def test_if_none_match_junk(tag: str, web: Web) -> None:
    answer = web.get("/", If_None_Match=tag)

    assert answer.status == (304 if tag == "*" else 200)


def test_a_cookie_buys_nothing_and_none_is_given(web: Web) -> None:
    answer = web.get("/", Cookie="sessionid=a; page_key=b; csrftoken=c")

    assert plain(answer) == plain(web.get("/"))
    assert "set-cookie" not in answer.headers


def test_request_smuggling_is_two_requests_or_none(web: Web) -> None:
    smuggled = f"GET /nothing HTTP/1.1\r\nHost: {MARKER}\r\n\r\n"
    request = (
        f"GET / HTTP/1.1\r\nHost: {ACME}\r\nContent-Length: {len(smuggled)}\r\n"
        f"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n{smuggled}"
    )
    answer = web.raw(request.encode())

    assert answer.count(b"HTTP/1.1 ") <= 1
