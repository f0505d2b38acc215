""" "Is it just me?" on a page host: matches a visitor's words with what that page shows.

Nothing about the visitor is kept. A complaint that matches nothing, or nothing that was shown, is
noted without personal data, so that the same one from several people becomes a wave.
"""

from collections.abc import Sequence

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control

from assist.knowledge import knowledge_of
from assist.matching import match
from assist.models.waves import LONGEST_CHECKED
from assist.waves.noting import note_asked
from atender.limits.clients import client_ip
from atender.limits.counting import TooOften, count_question
from statuspage.reading.site import Site, published
from statuspage.reading.stories import Story
from statuspage.reading.telling import tell
from statuspage.visitors.forms import page_form, show

# A field that people do not see; what fills it in is a program.
HONEYPOT = "website"
TEMPLATE = "assist/page/check.html"
NOT_IT = "not_it"
MOST_NAMED = 3
# Of a text too long, to be shortened; browsers keep what is typed within the limit.
MOST_GIVEN_BACK = 10 * LONGEST_CHECKED


@cache_control(private=True, no_store=True)
@page_form("GET", "HEAD", "POST")
def check(request: HttpRequest, site: Site) -> HttpResponse:
    if not site.branding.takes_questions:
        raise Http404
    if request.method != "POST":
        return _form(site)
    text = request.POST.get("text", "").replace("\0", " ").strip()
    if not text:
        return _form(site, _("Write in a few words what goes wrong."), status=422)
    if len(text) > LONGEST_CHECKED:
        return _too_long(site, text)
    if request.POST.get(HONEYPOT):
        return _reported(site)
    try:
        count_question(site.page.id, client_ip(request))
    except TooOften as refusal:
        again = {"asks": True, "text": text}
        response = show(site, TEMPLATE, _("Not now"), refusal.sentence, status=429, **again)
        response["Retry-After"] = str(refusal.wait_s)
        return response
    # "No, that is not it" sends the same words again, and is counted like a question.
    if not request.POST.get(NOT_IT) and (stories := find_stories(site, text)):
        heading = _("Yes, this is known")
        return show(site, TEMPLATE, heading, stories=stories, text=text)
    with transaction.atomic():
        is_noted = note_asked(text, page=site.page, network=client_ip(request), at=site.now)
    return _reported(site) if is_noted else _too_vague(site, text)


def find_stories(site: Site, text: str) -> Sequence[Story]:
    """Return what the page shows as going on that the words match, best first."""
    matches = match(text, knowledge_of([site.page]).index, limit=MOST_NAMED).matches
    ids = [found.incident_id for found in matches if found.is_card]
    # Asked of the page again: it may have been taken off since.
    shown = tell(list(published(site).filter(pk__in=ids)), shown=site.names) if ids else []
    return sorted(shown, key=lambda story: ids.index(story.id))


def _form(site: Site, *sentences: str, status: int = 200) -> HttpResponse:
    heading = _("Is it just me?")
    return show(site, TEMPLATE, heading, *sentences, status=status, asks=True)


def _too_long(site: Site, text: str) -> HttpResponse:
    said = _("A question has at most %(most)d characters; this one has %(count)d.") % {
        "most": LONGEST_CHECKED,
        "count": len(text),
    }
    again = {"asks": True, "text": text[:MOST_GIVEN_BACK]}
    return show(site, TEMPLATE, _("Is it just me?"), said, status=422, **again)


def _reported(site: Site) -> HttpResponse:
    said = _(
        "Nothing on this page fits what you wrote. It has been reported: "
        "when several people see the same, the team is told."
    )
    return show(site, TEMPLATE, _("Not known yet"), said)


def _too_vague(site: Site, text: str) -> HttpResponse:
    said = _(
        "Nothing on this page fits what you wrote. Say what fails and how, and it is reported."
    )
    heading = _("Not known yet")
    return show(site, TEMPLATE, heading, said, asks=True, text=text)
