"""The form of a page after a refusal: what was wrong, and everything else as it was sent."""

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _

from atender.refusals import Refused
from statuspage.reading.site import Site
from statuspage.visitors.forms import show
from subscribers.models import CALLED, BodyFormat, Channel

# Without what is not on the page any more, the same form would ask for everything.
CHOSEN_ON_THE_PAGE = ("component", "incident")


def ask_again(site: Site, form: QueryDict, refusal: Refused) -> HttpResponse:
    """Show the refusal and the form as it was sent, so that sending it again loses no choice."""
    channel, url = form.get("channel", ""), form.get("url", "")
    return show(
        site,
        "subscribers/again.html",
        _("Not subscribed"),
        refusal.sentence,
        status=422,
        wrong=refusal.field,
        has_stale_choice=refusal.field in CHOSEN_ON_THE_PAGE,
        is_text=channel == Channel.SMS and refusal.field == "phone",
        is_called=channel in CALLED or bool(url),
        channel=channel,
        url=url[:2048],
        url_is_wrong=refusal.field == "url",
        body_format=form.get("format", BodyFormat.STANDARD),
        email=form.get("email", "")[:254],
        phone=form.get("phone", "")[:24],
        component_ids=form.getlist("component"),
        incident_ids=form.getlist("incident"),
    )
