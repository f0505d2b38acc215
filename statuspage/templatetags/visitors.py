"""How templates of a page write times, states and words; `site` in the context gives the zone."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from atender.languages import rules
from atender.zones import zone_name
from incidents.models.vocabulary import ComponentStateName as State
from incidents.models.vocabulary import Severity, Status
from statuspage.language.moments import absolute, dated, lasting, relative
from statuspage.language.naming import comma
from statuspage.language.words import word_for
from statuspage.look.signs import TONES, TONES_OF_SEVERITY, icon
from statuspage.reading.describing import json_ld
from statuspage.reading.site import Site
from statuspage.reading.stories import Story
from statuspage.uptime import percent

register = template.Library()
register.filter(icon)


@register.simple_tag(takes_context=True)
def clock(context: Context, at: datetime) -> SafeString:
    """The moment in the page's zone, readable by programs as well."""
    site = context["site"]
    return format_html(
        '<time datetime="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        absolute(at, site.zone, site.now),
    )


@register.simple_tag(takes_context=True)
def clock_and_date(context: Context, at: datetime) -> SafeString:
    """As `clock`, with the whole date even today; two of them keep their order in Arabic."""
    return format_html(
        '<time dir="auto" data-dated datetime="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        dated(at, context["site"].zone),
    )


@register.simple_tag
def ways_to_subscribe() -> Sequence[tuple[str, str]]:
    """By which ways the form of a page sends updates, the first unless another is chosen."""
    webhook = gettext("A webhook of your own")
    own = [("email", gettext("E-mail")), ("webhook", webhook)]
    return [*own, ("slack", "Slack"), ("teams", "Microsoft Teams"), ("discord", "Discord")]


@register.simple_tag
def texts_are_offered() -> bool:
    """Whether the operator has a gateway for text messages."""
    return bool(settings.SMS_URL)


@register.simple_tag(takes_context=True)
def ago(context: Context, at: datetime) -> str:
    return relative(at, context["site"].now)


@register.simple_tag(takes_context=True)
def period(context: Context, begins: datetime, ends: datetime | None) -> SafeString:
    """From when to when; the day and the zone are said once where one suffices."""
    site = context["site"]
    if ends is None:
        words = escape(gettext("from %(start)s, until further notice"))
        return SafeString(words % {"start": clock(context, begins)})
    first, last = begins.astimezone(site.zone), ends.astimezone(site.zone)
    if first.date() != last.date() or first.tzname() != last.tzname():
        return format_html("{} – {}", clock(context, begins), clock(context, ends))
    return format_html(
        '<span class="period"><time datetime="{}">{}</time>–'
        '<time datetime="{}">{}</time> {}</span>',
        begins.isoformat(timespec="seconds"),
        rules.day_with_time(rules.weekday(first), rules.clock_time(first)),
        ends.isoformat(timespec="seconds"),
        rules.clock_time(last),
        zone_name(last),
    )


@register.filter
def tone(state: str) -> str:
    return TONES[State(state)]


@register.filter
def severity_tone(severity: str | None) -> str:
    return TONES_OF_SEVERITY[Severity(severity) if severity else None]


@register.filter
def word(value: State | Status | Severity | Any) -> str:
    """The word for a state, status or severity, in the page's language."""
    return word_for(value)


@register.filter
def listed(names: Sequence[str]) -> SafeString:
    """Names that people gave, each kept apart from the direction of the others."""
    return format_html_join(comma(), "<bdi>{}</bdi>", ((name,) for name in names))


@register.filter
def percentage(share: float) -> str:
    """The share in percent, as the language writes numbers; the sign is the template's."""
    return rules.decimal(percent(share))


@register.filter
def span(length: timedelta) -> str:
    return lasting(length)


@register.filter
def milliseconds(count: int) -> str:
    return rules.milliseconds(count)


@register.filter
def lasted(story: Story) -> str:
    if story.is_maintenance and story.began_at is None and story.scheduled_until:
        # Written down after it was over: it lasted as long as its window.
        return lasting(story.scheduled_until - story.begins_at)
    return lasting((story.resolved_at or story.begins_at) - story.begins_at)


@register.filter
def repeats(story: Story) -> str:
    """How often planned work comes again: `every week`, `every 2 months`."""
    if story.repeats is None:
        return ""
    frequency, interval = story.repeats
    words = {
        "DAILY": ngettext("every day", "every %(n)d days", interval),
        "WEEKLY": ngettext("every week", "every %(n)d weeks", interval),
        "MONTHLY": ngettext("every month", "every %(n)d months", interval),
        "YEARLY": ngettext("every year", "every %(n)d years", interval),
    }
    text = words[frequency]
    return text % {"n": interval} if "%" in text else text


@register.filter
def local_day(at: date) -> str:
    return rules.month_day(at)


@register.filter
def month(at: date) -> str:
    return rules.month(at)


@register.filter
def language_name(code: str) -> str:
    """A language as its speakers write it."""
    return dict(settings.LANGUAGES)[code]


@register.simple_tag(takes_context=True)
def to(context: Context, path: str, query: Mapping[str, object] | None = None) -> str:
    """The path to a document of the page, in the language that is being read."""
    return str(context["site"].to(path, **(query or {})))


@register.simple_tag(takes_context=True)
def canonical(context: Context, path: str, query: Mapping[str, object] | None = None) -> str:
    return str(context["site"].address_of(path, **(query or {})))


@register.filter
def described(story: Story, site: Site) -> SafeString:
    return json_ld(site, story)
