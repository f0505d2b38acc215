"""The mails: rendered once for a page; `moulds.py` makes each recipient's own of them.

What differs between recipients stands in the rendered text as marks, random for each rendering, so
that no incident's own words can ever be taken for one.
"""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from typing import Any

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.timesince import timesince

from atender.tenants.context import current_schema
from atender.tenants.links import page_url
from incidents.maintenance import maintenance_began_at
from incidents.models import Incident, IncidentUpdate, Kind, Page
from incidents.models.vocabulary import CLOSED, Status
from subscribers.models import Scope, Subscriber
from subscribers.tokens import Purpose, signed_token
from subscribers.windows import clock, start_words, window_words

# Of the rule beside the words, which never carry a colour: mail programs invert those for the dark.
TONES = {
    "critical": "#d13b3b",
    "major": "#d9730d",
    "minor": "#c99700",
    "maintenance": "#3b74d9",
    "closed": "#2b9a5b",
}
INLINER = css_inline.CSSInliner(load_remote_stylesheets=False)
# The longest line that SMTP allows. RFC 5321, 4.5.3.1.6.
LONGEST_LINE = 998


class Mail(EmailMultiAlternatives):
    """A mail whose headers are not folded before their first word.

    At the usual 78 columns a link in `List-Unsubscribe` would begin on the second line, where not
    every reader looks for it.
    """

    def message(self, **kwargs: Any) -> Any:
        message = super().message(**kwargs)
        message.policy = message.policy.clone(max_line_length=LONGEST_LINE)
        return message


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that lacks only its recipient. `base` is the page's address without a path."""

    page: Page
    incident: Incident
    subject: str
    text: str
    html: str
    base: str
    marks: dict[str, str]

    @property
    def host(self) -> str:
        return self.base.partition("://")[2].partition(":")[0]


def one_line(text: str) -> str:
    return " ".join(text.split())


def compose(update: IncidentUpdate, page: Page) -> Letter:
    """Render the mail of an update for the subscribers of a page."""
    return _letter(update.incident, page, _context(update, page))


def compose_reminder(incident: Incident, page: Page) -> Letter:
    """Render the mail that a maintenance begins before long."""
    return _letter(incident, page, _context_of_reminder(incident, page))


def compose_post_mortem(incident: Incident, page: Page) -> Letter:
    """Render the mail that a post-mortem can be read; it is too long to be one itself."""
    return _letter(incident, page, _context_of_post_mortem(incident, page))


def _letter(incident: Incident, page: Page, words: dict[str, Any]) -> Letter:
    marks = {name: f"mark{secrets.token_hex(8)}" for name in ("manage", "unsubscribe", "reason")}
    base = page_url(page.pk)
    context = {
        "page": page,
        "incident": incident,
        **words,
        **marks,
        "url": base + _path(incident) + words.get("place", ""),
    }
    return Letter(
        page=page,
        incident=incident,
        subject=f"[{one_line(page.name)}] {context['word']}: {one_line(incident.title)}",
        text=render_to_string("subscribers/mail/update.txt", context).strip() + "\n",
        html=INLINER.inline(render_to_string("subscribers/mail/update.html", context)),
        base=base,
        marks=marks,
    )


def _context(update: IncidentUpdate, page: Page) -> dict[str, Any]:
    is_moved = update.changes_window and not update.changes_status
    return {
        "word": "New window" if is_moved else Status(update.status).label,
        "body": update.public_body,
        "tone": TONES["closed" if is_last(update) else update.severity or "maintenance"],
        "facts": [(name, value) for name, value in _facts(update, page) if value],
    }


def _context_of_reminder(incident: Incident, page: Page) -> dict[str, Any]:
    zone = page.branding.zone
    assert incident.scheduled_for is not None
    words = start_words(incident.scheduled_for, zone, timezone.now())
    said = incident.updates.visible().filter(is_public=True).exclude(body="")
    latest = said.order_by("posted_at", "id").last()
    facts = [
        ("Window", window_words(incident.scheduled_for, incident.scheduled_until, zone)),
        ("Affects", _affected(incident, page)),
    ]
    return {
        "word": f"Starts {words}",
        "body": latest.public_body if latest else "",
        "tone": TONES["maintenance"],
        "facts": [(name, value) for name, value in facts if value],
    }


def _context_of_post_mortem(incident: Incident, page: Page) -> dict[str, Any]:
    assert incident.resolved_at is not None
    facts = [
        ("Affected", _affected(incident, page)),
        ("Lasted", timesince(incident.started_at, incident.resolved_at)),
    ]
    return {
        "word": "Post-mortem",
        "body": "What happened, why it happened and what we change because of it is written down.",
        "tone": TONES["closed"],
        "facts": [(name, value) for name, value in facts if value],
        "go": "Read it on the status page",
        "place": "#post-mortem",
    }


def is_last(update: IncidentUpdate) -> bool:
    """Whether the update closes the incident as it stands."""
    return update.status in CLOSED and update.incident.is_closed


def _facts(update: IncidentUpdate, page: Page) -> Iterator[tuple[str, str]]:
    incident = update.incident
    zone = page.branding.zone
    is_planned = incident.kind == Kind.MAINTENANCE
    if is_planned:
        yield "Window", window_words(update.scheduled_for, update.scheduled_until, zone)
    else:
        yield "Severity", update.get_severity_display() if update.severity else ""
    yield "Affects", _affected(incident, page)
    if is_last(update):
        assert incident.resolved_at is not None
        began_at = maintenance_began_at(incident) if is_planned else incident.started_at
        yield "Lasted", timesince(began_at, incident.resolved_at) if began_at else ""
    else:
        yield "Expected end", clock(update.eta, zone)
        yield "Next update by", clock(update.next_update_by, zone)
    yield "Posted", clock(update.posted_at, zone)


def _affected(incident: Incident, page: Page) -> str:
    shown = page.entries.filter(component__impacts__incident=incident)
    return ", ".join(shown.values_list("component__name", flat=True))


def _path(incident: Incident) -> str:
    room = "maintenance" if incident.kind == Kind.MAINTENANCE else "incidents"
    return f"/{room}/{incident.pk}"


def links_of(subscriber: Subscriber, base: str) -> dict[str, str]:
    manage, leave = (
        signed_token(subscriber.pk, subscriber.version, purpose)
        for purpose in (Purpose.MANAGE, Purpose.UNSUBSCRIBE)
    )
    return {
        "manage": f"{base}/subscriptions/{manage}",
        "unsubscribe": f"{base}/subscriptions/{leave}/unsubscribe",
    }


def list_headers(unsubscribe_url: str, host: str, campaign: str) -> dict[str, str]:
    """The headers by which mail programs know and leave a list. RFC 2919, 3834, 8058."""
    return {
        "List-Unsubscribe": f"<{unsubscribe_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"<updates.{host}>",
        "Auto-Submitted": "auto-generated",
        "Feedback-ID": f"{campaign}:{current_schema()}:atender",
    }


def sender_for(page: Page, from_address: str) -> str:
    """The platform's address speaks under the page's name; a tenant's own is left as it is."""
    if from_address != settings.DEFAULT_FROM_EMAIL:
        return from_address
    return formataddr((one_line(page.name), parseaddr(from_address)[1]))


def reason_for(scopes: Iterable[Scope], letter: Letter) -> str:
    """Say why this recipient gets this mail, by the widest scope that covers it."""
    held = list(scopes)
    if any(scope.component_id is None and scope.incident_id is None for scope in held):
        return f"you subscribed to everything on {one_line(letter.page.name)}"
    if any(scope.incident_id == letter.incident.pk for scope in held):
        return f"you asked for news of this {letter.incident.kind}"
    names = sorted(scope.component.name for scope in held if scope.component)
    return f"you subscribed to {one_line(', '.join(names))}"
