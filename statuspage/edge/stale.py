"""Rewrites documents that could not be refreshed: since when, and never that all is well."""

import html
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from statuspage.edge.documents import Document, finish
from statuspage.edge.doubts import (
    DATABASE_AWAY,
    NOT_KNOWN,
    NOT_KNOWN_NOW,
    NOT_REFRESHED,
    STATE_OF,
)
from statuspage.language.moments import absolute
from statuspage.language.speaking import speaking_in
from statuspage.look.badges import COLOURS, Badge, draw
from statuspage.look.signs import icon
from statuspage.reading.banner import NOTICE, OPERATIONAL

# Where templates leave room for the notice, and where one of them says that all is well.
ROOM = "<!--notice-->"
ALL_CLEAR = re.compile(r"<!--all-clear (\w+)-->.*?<!--/all-clear-->", re.DOTALL)
BANNERS = {
    "front": '<section class="banner {}">{}<div><h1>{}</h1></div></section>',
    "embed": '<div class="answer {}"><p><strong>{} {}</strong></p>',
}
DESCRIPTION = re.compile(r'<meta property="og:description" content="[^"]*">')
BADGE = re.compile(r"<title>(.*): .*?</title>")


@dataclass(frozen=True, slots=True)
class Since:
    """Until when a document was true, for programs and, `told`, for people."""

    at: datetime
    told: str

    def marked(self) -> SafeString:
        return format_html(
            '<time datetime="{}">{}</time>', self.at.isoformat(timespec="seconds"), self.told
        )


def stale_variant(document: Document, *, true_at: datetime, is_database_away: bool) -> Document:
    """Return the document as it may still be shown; made once for each minute that it was true."""
    variant = f"{true_at:%Y-%m-%d %H:%M} {is_database_away}"
    known = document.stale
    if known is not None and known.stale_since == variant:
        return known
    made = document.made
    language = dict(made.headers).get("Content-Language") or "en"
    with speaking_in(language, made.facts.own_words):
        told = absolute(true_at, ZoneInfo(made.facts.zone), datetime.now(UTC))
        since = Since(true_at, told)
        body = rewritten(document.bodies[""], made.content_type, since, is_database_away)
        stale = finish(made, body)
    stale.stale_since = variant
    document.stale = stale
    return stale


def rewritten(body: bytes, content_type: str, since: Since, is_database_away: bool) -> bytes:
    """Return the body without what has become doubtful, by the kind of document."""
    kind = content_type.partition(";")[0]
    if kind == "application/json":
        return _json(body, since.told)
    if kind == "image/svg+xml":
        return _badge(body.decode()).encode()
    if kind in ("text/html", "text/plain"):
        sentence = _(DATABASE_AWAY if is_database_away else NOT_REFRESHED)
        write = _plain if kind == "text/plain" else _page
        return write(body.decode(), sentence, since).encode()
    return body


def _plain(text: str, sentence: str, since: Since) -> str:
    return text.replace(f"> {OPERATIONAL.text}.", f"> {sentence % {'since': since.told}}", 1)


def _page(text: str, sentence: str, since: Since) -> str:
    """Put the notice where there is room; the page's script tells its time as the visitor's own."""
    # A page's own words are no markup.
    said = SafeString(escape(sentence) % {"since": since.marked()})
    notice = format_html('<p class="stale" role="status">{}</p>', said)
    text = text.replace(ROOM, notice, 1)
    if ALL_CLEAR.search(text):
        text = DESCRIPTION.sub("", text, count=1)
    return ALL_CLEAR.sub(lambda found: _unknown(found[1]), text)


def _unknown(place: str) -> SafeString:
    """The banner of a page whose state is unknown."""
    return format_html(BANNERS[place], NOTICE.tone, icon(NOTICE.level), _(NOT_KNOWN))


def _json(body: bytes, since: str) -> bytes:
    """Say so in the description, which is free text; programs know no other indicators."""
    record = json.loads(body)
    status = record.get("status")
    if not isinstance(status, dict) or status.get("indicator") != OPERATIONAL.indicator:
        return body
    status["description"] = _(STATE_OF) % {"since": since}
    return json.dumps(record, separators=(",", ":")).encode()


def _badge(text: str) -> str:
    label = BADGE.search(text)
    if label is None or COLOURS["ok"] not in text:
        return text
    return draw(Badge(html.unescape(label[1]), _(NOT_KNOWN_NOW), "maintenance"))
