"""Planned work as an iCalendar (RFC 5545) that calendars can subscribe to."""

from datetime import timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from incidents.models.vocabulary import Kind, Status
from statuspage.language.words import word_for
from statuspage.reading.history import BEGINS_AT
from statuspage.reading.site import Site, published
from statuspage.reading.stories import OPEN_END, Story
from statuspage.reading.telling import tell

# How long past work stays in calendars.
KEPT = timedelta(days=90)
MOST = 200


def write_calendar(site: Site) -> bytes:
    """Return the calendar of a page's maintenances; cancelled ones leave it. Four queries."""
    calendar = Calendar()
    calendar.add("prodid", "-//Atender Incidents//Maintenance//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Maintenance of %(name)s") % {"name": site.branding.shown_title})
    calendar.add("x-wr-timezone", site.branding.time_zone)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("url", f"{site.url}/")
    for story in _planned(site):
        calendar.add_component(_event(site, story))
    return bytes(calendar.to_ical())


def _planned(site: Site) -> list[Story]:
    known = published(site).filter(kind=Kind.MAINTENANCE).exclude(status=Status.CANCELLED)
    dated = known.annotate(begins_at=BEGINS_AT).filter(begins_at__gte=site.now - KEPT)
    return tell(list(dated.order_by("-begins_at", "-id")[:MOST]), shown=site.names)


def _event(site: Site, story: Story) -> Event:
    event = Event()
    event.add("uid", f"{story.id}@{site.branding.feed_host}")
    event.add("summary", story.title)
    event.add("dtstart", story.begins_at)
    event.add("dtend", _ends_at(story))
    # The stamp of a published entry is that of its last change, so that it is stable between.
    event.add("dtstamp", story.updated_at)
    event.add("last-modified", story.updated_at)
    event.add("sequence", len(story.updates))
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("url", site.url + story.path)
    if story.affected:
        event.add("categories", list(story.affected))
    event.add("description", _description(story))
    return event


def _ends_at(story: Story) -> object:
    """A window without an end lasts until it was completed, or a day."""
    if story.scheduled_until:
        return story.scheduled_until
    if story.resolved_at and story.resolved_at > story.begins_at:
        return story.resolved_at
    return story.begins_at + OPEN_END


def _description(story: Story) -> str:
    return "\n\n".join(f"{word_for(x.status)}: {x.body}" for x in story.updates if x.body)
