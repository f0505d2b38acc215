"""What Atom and RSS tell of a story: the same entry in two formats."""

from datetime import datetime

from django.db.models import F
from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from statuspage.language.moments import dated
from statuspage.language.words import word_for
from statuspage.reading.history import kept_since
from statuspage.reading.site import Site, published
from statuspage.reading.stories import PublicPostMortem, PublicUpdate, Story
from statuspage.reading.telling import tell

NEWEST = 25


def newest_stories(site: Site) -> list[Story]:
    """Return the stories updated last, newest first. Four queries.

    Planned work is sorted by its announcement, not by its future date above everything.
    """
    kept = published(site).filter(last_public_update_at__gte=kept_since(site))
    newest = kept.order_by(F("last_public_update_at").desc(), "-id")[:NEWEST]
    return sorted(tell(list(newest), shown=site.names), key=lambda s: s.updated_at, reverse=True)


def feed_tag(site: Site) -> str:
    return f"tag:{site.branding.feed_host},2005:/history"


def entry_tag(site: Site, story: Story) -> str:
    """Name an entry for ever: readers would show it anew if its page's address were in it."""
    return f"tag:{site.branding.feed_host},2005:Incident/{story.id}"


def content_of(site: Site, story: Story) -> SafeString:
    """The timeline as HTML, newest first.

    Readers take the first `<strong>` for the current status, so nothing stands before it.
    """
    paragraphs = [(update.posted_at, _paragraph(site, update)) for update in story.updates]
    if story.post_mortem:
        paragraphs.append(
            (story.post_mortem.published_at, _pointer(site, story, story.post_mortem))
        )
    newest_first = sorted(paragraphs, key=lambda entry: entry[0], reverse=True)
    return format_html_join("\n", "{}", ((html,) for _at, html in newest_first))


def _pointer(site: Site, story: Story, post_mortem: PublicPostMortem) -> SafeString:
    """A post-mortem is read on the page; its status word is the convention's."""
    return format_html(
        '<p><small>{}</small><br><strong>Postmortem</strong> - <a href="{}">{}</a></p>',
        stamp(post_mortem.published_at, site),
        f"{site.url}{story.path}#post-mortem",
        _("Read the post-mortem"),
    )


def _paragraph(site: Site, update: PublicUpdate) -> SafeString:
    said = update.body or update.moved or _only_moved(update)
    return format_html(
        "<p><small>{}</small><br><strong>{}</strong>{}</p>",
        stamp(update.posted_at, site),
        word_for(update.status),
        format_html(" - {}", _in_one_paragraph(said)) if said else "",
    )


def _only_moved(update: PublicUpdate) -> str:
    if not update.changes_severity:
        return ""
    severity = word_for(update.severity) if update.severity else _("no severity")
    return _("Severity: %(severity)s") % {"severity": severity}


def _in_one_paragraph(text: str) -> SafeString:
    html = linebreaks(text, autoescape=True)
    return SafeString(
        html.removeprefix("<p>").removesuffix("</p>").replace("</p>\n\n<p>", "<br><br>")
    )


def stamp(at: datetime, site: Site) -> str:
    """`21 Nov 2026, 14:02 UTC`: whole, since an entry is read on any later day."""
    return dated(at, site.zone)
