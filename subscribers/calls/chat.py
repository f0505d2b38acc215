"""Messages to chat rooms. What people wrote appears literally: no mention, no mark-up, no link
behind other words.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from subscribers.calls.news import News
from subscribers.models import Channel

Links = Mapping[str, str]
Record = dict[str, Any]

CUT = "…"
SLACK_HEADER, SLACK_TEXT, SLACK_FIELD, SLACK_FIELDS = 150, 3000, 2000, 10
# Below what it allows (2000 · 256, 4096 · 256, 1024), so that an embed stays within 6000 in all.
DISCORD_CONTENT, DISCORD_TITLE, DISCORD_TEXT = 500, 256, 2500
DISCORD_NAME, DISCORD_VALUE, DISCORD_FIELDS = 64, 512, 5
# A message of Teams has at most 28 KB.
TEAMS_TEXT = 5000
DISCORD_MARKS = re.compile(r"([\\*_~`|>\[\]()#<@-])")
ADDRESS = re.compile(r"(https?://[^\s<>()\[\]|*`~\\]+)")
PADLOCKED: Record = {"parse": []}


def cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip("\\ ") + CUT


def slack(news: News, links: Links) -> Record:
    """An incoming webhook's message: blocks of plain text, which nothing in it can leave."""
    blocks: list[Record] = [{"type": "header", "text": _plain(_title(news), SLACK_HEADER)}]
    if news.body:
        blocks.append({"type": "section", "text": _plain(news.body, SLACK_TEXT)})
    fields = [_plain(f"{name} {value}", SLACK_FIELD) for name, value in news.facts[:SLACK_FIELDS]]
    if fields:
        blocks.append({"type": "section", "fields": fields})
    doors = f"<{news.url}|{news.go}> · <{links['manage']}|{news.preferences}>"
    blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": doors}]})
    # What notifications show is read as mark-up.
    text = cut(for_slack(news.headline), SLACK_TEXT)
    return {"text": text, "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def for_slack(text: str) -> str:
    """Escape the three characters that have a meaning in Slack."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _plain(text: str, most: int) -> Record:
    return {"type": "plain_text", "text": cut(text, most), "emoji": False}


def teams(news: News, links: Links) -> Record:
    """An Adaptive Card of rich text, whose runs know no mark-up."""
    body = [
        _runs(news.page_name, isSubtle=True),
        _runs(_title(news), weight="Bolder", size="Large"),
    ]
    body += [_runs(cut(paragraph, TEAMS_TEXT)) for paragraph in [news.body] if paragraph]
    body += [_fact(name, cut(value, SLACK_FIELD)) for name, value in news.facts]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": cut(news.headline, SLACK_TEXT),
        "body": body,
        "actions": [
            {"type": "Action.OpenUrl", "title": news.go, "url": news.url},
            {"type": "Action.OpenUrl", "title": news.preferences, "url": links["manage"]},
        ],
    }
    return _message(card)


def _message(card: Record) -> Record:
    kind = "application/vnd.microsoft.card.adaptive"
    attachment = {"contentType": kind, "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _runs(text: str, **look: Any) -> Record:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **look}]}


def _fact(name: str, value: str) -> Record:
    runs = [
        {"type": "TextRun", "text": f"{name} ", "weight": "Bolder"},
        {"type": "TextRun", "text": value},
    ]
    return {"type": "RichTextBlock", "inlines": runs}


def discord(news: News, links: Links) -> Record:
    """A message with one embed, at most 6,000 characters in all, that mentions nobody."""
    fields = [
        {
            "name": cut(for_discord(name), DISCORD_NAME),
            "value": cut(for_discord(value), DISCORD_VALUE),
            "inline": True,
        }
        for name, value in news.facts[:DISCORD_FIELDS]
    ]
    doors = f"[{for_discord(news.go)}]({news.url}) · "
    doors += f"[{for_discord(news.preferences)}]({links['manage']})"
    body = cut(for_discord(news.body), DISCORD_TEXT - len(doors) - 2)
    embed = {
        "title": cut(for_discord(_title(news)), DISCORD_TITLE),
        "url": news.url,
        "description": f"{body}\n\n{doors}".strip(),
        "color": int(news.tone.removeprefix("#"), 16),
        "fields": fields,
    }
    content = cut(for_discord(f"[{news.page_name}] {_title(news)}"), DISCORD_CONTENT)
    return {"content": content, "embeds": [embed], "allowed_mentions": PADLOCKED}


def for_discord(text: str) -> str:
    """Escape Discord's mark-up; web addresses stay whole, so that they can be opened."""
    parts = ADDRESS.split(text)
    return "".join(
        part if place % 2 else DISCORD_MARKS.sub(r"\\\1", part) for place, part in enumerate(parts)
    )


def _title(news: News) -> str:
    return f"{news.word}: {' '.join(news.story.title.split())}"


MESSAGES: Mapping[str, Callable[[News, Links], Record]] = {
    Channel.SLACK: slack,
    Channel.TEAMS: teams,
    Channel.DISCORD: discord,
}


def note_for(channel: str, page_name: str) -> Record:
    """A test message, in the present language."""
    words = _("This is a test. Status updates of %(page)s will stand here.")
    text = words % {"page": " ".join(page_name.split())}
    if channel == Channel.SLACK:
        return {"text": for_slack(text)}
    if channel == Channel.DISCORD:
        return {"content": for_discord(text), "allowed_mentions": PADLOCKED}
    return _message({"type": "AdaptiveCard", "version": "1.4", "body": [_runs(text)]})
