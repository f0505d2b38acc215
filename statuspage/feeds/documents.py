"""Atom (RFC 4287) and RSS 2.0 of a page's stories."""

from datetime import datetime
from typing import Any, cast

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from statuspage.feeds.entries import content_of, entry_tag, feed_tag, newest_stories
from statuspage.reading.site import Site


class Dated(SyndicationFeed):
    """A feed whose own date is that of its content, so that it changes only with it."""

    def latest_post_date(self) -> datetime:
        dates = [self.feed["changed_at"], *(item["updateddate"] for item in self.items)]
        return cast(datetime, max(dates))


class Atom(Dated, Atom1Feed):
    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        html = item["description"]
        super().add_item_elements(handler, {**item, "description": None})
        handler.addQuickElement("content", html, {"type": "html"})


class Rss(Dated, Rss201rev2Feed):
    pass


def write_feed(site: Site, kind: type[Dated], path: str) -> bytes:
    """Return the document whose own address is `path`. Four queries."""
    branding = site.branding
    feed = kind(
        title=branding.shown_title,
        link=f"{site.url}/",
        description=branding.description
        or _("Incidents and maintenance of %(name)s") % {"name": branding.shown_title},
        language=site.language,
        author_name=branding.shown_title,
        feed_url=site.address_of(path),
        feed_guid=feed_tag(site),
        ttl=1,
        changed_at=branding.updated_at,
    )
    for story in newest_stories(site):
        feed.add_item(
            title=story.title,
            link=site.url + story.path,
            description=content_of(site, story),
            unique_id=entry_tag(site, story),
            unique_id_is_permalink=False,
            pubdate=story.updates[-1].posted_at if story.updates else story.started_at,
            updateddate=story.updated_at,
            categories=[component.name for component in story.components],
        )
    text: str = feed.writeString("utf-8")
    return text.encode()
