"""A notice's mails, rendered once per page and language; incident texts are not translated."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import css_inline
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext, pgettext

from atender.outbound.models import letterhead
from atender.tenants.links import page_url
from incidents.maintenance import maintenance_began_at
from incidents.models import Incident, IncidentUpdate, Kind, Page
from incidents.models.vocabulary import CLOSED, Severity, Status
from incidents.places import public_path
from statuspage.language.moments import lasting
from statuspage.language.naming import comma, side_by_side
from statuspage.language.speaking import direction, language_of, speaking
from subscribers.mailing.mails import Letter, Reasons, one_line
from subscribers.mailing.mastheads import logo_of
from subscribers.mailing.windows import clock, start_words, window_words

# Of the rule beside the words, which never carry a colour: mail programs invert those for the dark.
TONES = {
    "critical": "#d13b3b",
    "major": "#d9730d",
    "minor": "#c99700",
    "maintenance": "#3b74d9",
    "closed": "#2b9a5b",
}
INLINER = css_inline.CSSInliner(load_remote_stylesheets=False)
MARKS = ("manage", "unsubscribe", "reason")

Write = Callable[[Page, str], Letter]


@dataclass(slots=True)
class Letters:
    """The letters of one notice to readers of any language, each written when first needed."""

    pages: Mapping[str, Page]
    write: Write
    written: dict[tuple[str, str], Letter] = field(default_factory=dict)

    def to(self, page_id: str, reads: str) -> Letter:
        page = self.pages[page_id]
        language = language_of(page.branding, reads)
        if (page.pk, language) not in self.written:
            self.written[page.pk, language] = self.write(page, language)
        return self.written[page.pk, language]


def compose(update: IncidentUpdate, page: Page, language: str) -> Letter:
    """Render the mail of an update for the subscribers of a page who read a language."""
    with speaking(page.pk, language):
        return _letter(update.incident, page, language, context_of_update(update, page))


def compose_reminder(incident: Incident, page: Page, language: str) -> Letter:
    """Render the mail that a maintenance begins before long."""
    with speaking(page.pk, language):
        return _letter(incident, page, language, context_of_reminder(incident, page))


def compose_post_mortem(incident: Incident, page: Page, language: str) -> Letter:
    """Render the mail that a post-mortem can be read; it is too long to be one itself."""
    with speaking(page.pk, language):
        return _letter(incident, page, language, context_of_post_mortem(incident, page))


def _letter(incident: Incident, page: Page, language: str, words: dict[str, Any]) -> Letter:
    marks = {name: f"mark{secrets.token_hex(8)}" for name in MARKS}
    base = page_url(page.pk)
    path = public_path(incident.kind, incident.pk) + words.get("place", "")
    context = {**words, **marks, "incident": incident, "url": base + path}
    head = letterhead()
    subject = pgettext("mail", "[%(page)s] %(word)s: %(title)s")
    said = {
        "page": head.subject_prefix or page.name,
        "word": words["word"],
        "title": incident.title,
    }
    return Letter(
        page=page,
        incident=incident,
        subject=one_line(subject % said),
        text=render_to_string("subscribers/mail/update.txt", context).strip() + "\n",
        html=as_html("subscribers/mail/update.html", page, context, language),
        base=base,
        marks=marks,
        reasons=_reasons(incident, page),
        sender_name=head.sender_name,
        reply_to=head.reply_to,
    )


def as_html(template: str, page: Page, context: dict[str, Any], language: str) -> str:
    """Render the part that most people see, its rules moved into the elements."""
    flow = direction()
    # Mail programs know no logical sides.
    side = "right" if flow == "rtl" else "left"
    frame = {"page": page, "logo": logo_of(page), "direction": flow, "side": side}
    spoken = {**context, **frame, "language": language}
    return INLINER.inline(render_to_string(template, spoken))


def context_of_update(update: IncidentUpdate, page: Page) -> dict[str, Any]:
    is_moved = update.changes_window and not update.changes_status
    return {
        "word": pgettext("mail", "New window") if is_moved else word(Status(update.status)),
        "body": update.public_body,
        "tone": TONES["closed" if is_last(update) else update.severity or "maintenance"],
        "facts": [(name, value) for name, value in _facts(update, page) if value],
    }


def word(value: Status | Severity) -> str:
    return gettext(str(value.label))


def context_of_reminder(incident: Incident, page: Page) -> dict[str, Any]:
    zone = page.branding.zone
    assert incident.scheduled_for is not None
    said = incident.updates.visible().filter(is_public=True).exclude(body="")
    latest = said.order_by("posted_at", "id").last()
    window = window_words(incident.scheduled_for, incident.scheduled_until, zone)
    facts = [
        (pgettext("mail", "Window:"), window),
        (pgettext("mail", "Affects:"), _affected(incident, page)),
    ]
    return {
        "word": start_words(incident.scheduled_for, zone, timezone.now()),
        "body": latest.public_body if latest else "",
        "tone": TONES["maintenance"],
        "facts": [(name, value) for name, value in facts if value],
    }


def context_of_post_mortem(incident: Incident, page: Page) -> dict[str, Any]:
    assert incident.resolved_at is not None
    facts = [
        (pgettext("mail", "Affects:"), _affected(incident, page)),
        (pgettext("mail", "Lasted:"), lasting(incident.resolved_at - incident.started_at)),
    ]
    return {
        "word": pgettext("mail", "Post-mortem"),
        "body": pgettext(
            "mail",
            "What happened, why it happened and what we change because of it is written down.",
        ),
        "tone": TONES["closed"],
        "facts": [(name, value) for name, value in facts if value],
        "go": pgettext("mail", "Read it on the status page"),
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
        window = window_words(update.scheduled_for, update.scheduled_until, zone)
        yield pgettext("mail", "Window:"), window
    elif update.severity:
        yield pgettext("mail", "Severity:"), word(Severity(update.severity))
    yield pgettext("mail", "Affects:"), _affected(incident, page)
    if is_last(update):
        assert incident.resolved_at is not None
        began_at = maintenance_began_at(incident) if is_planned else incident.started_at
        lasted = lasting(incident.resolved_at - began_at) if began_at else ""
        yield pgettext("mail", "Lasted:"), lasted
    else:
        yield pgettext("mail", "Expected end:"), clock(update.eta, zone)
        yield pgettext("mail", "Next update by:"), clock(update.next_update_by, zone)
    yield pgettext("mail", "Posted:"), clock(update.posted_at, zone)


def _affected(incident: Incident, page: Page) -> str:
    shown = page.entries.filter(component__impacts__incident=incident)
    return side_by_side(shown.values_list("component__name", flat=True))


def _reasons(incident: Incident, page: Page) -> Reasons:
    everything = pgettext(
        "mail", "You get this mail because you subscribed to everything on %(page)s."
    )
    if incident.kind == Kind.MAINTENANCE:
        this = pgettext("mail", "You get this mail because you asked for news of this maintenance.")
    else:
        this = pgettext("mail", "You get this mail because you asked for news of this incident.")
    return Reasons(
        everything=everything % {"page": one_line(page.name)},
        this=this,
        components=pgettext("mail", "You get this mail because you subscribed to %(names)s."),
        comma=comma(),
    )
