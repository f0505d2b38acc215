"""The page on which a subscriber chooses, and what all pages of a token share."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from atender.ids import new_ulid
from incidents.models import Incident
from statuspage.access.opening import may_read
from statuspage.edge.asking import WISH
from statuspage.language.naming import side_by_side
from statuspage.language.speaking import language_of, speaking
from statuspage.reading.site import Site
from statuspage.visitors.forms import sentence, show
from subscribers.forms import sentences
from subscribers.forms.choices import kept, sent
from subscribers.models import LEAVABLE, Channel, Endpoint, Kinds, Subscriber, SubscriberState
from subscribers.people.changing import seen_of
from subscribers.people.enrolment import NOT_ON_LIST
from subscribers.people.withholding import address_behind, is_withheld
from subscribers.tokens import Purpose, signed_token

KINDS = {
    Kinds.INCIDENTS: gettext_noop("Incidents"),
    Kinds.MAINTENANCE: gettext_noop("Maintenance"),
    Kinds.BOTH: gettext_noop("Incidents and maintenance"),
}
CHANGED = gettext_noop(
    "Nothing was saved: what you hear of was changed since you opened this page. "
    "It is now: %(kept)s. Press the button if yours is to replace that."
)
ENDED = gettext_noop(
    "Nothing was saved: this subscription has ended since you opened this page. "
    "Press the button if it is to begin again."
)
SWITCHED_OFF = gettext_noop(
    "Nothing was saved: this subscription was switched off since you opened this page. "
    "Press the button if it is to be switched on again."
)
OVERTAKEN = gettext_noop(
    "Leave out updates that were overtaken by the resolution before they were sent"
)
UNKNOWN_LINK = gettext_noop(
    "This link is not complete, or was not made for this page. "
    "Open it from the mail again, or subscribe on the status page."
)


@contextmanager
def in_language(wanted: str, request: HttpRequest, site: Site) -> Iterator[Site]:
    """Within the block, use the subscriber's language unless the address names another."""
    is_chosen = WISH in request.GET
    language = site.language if is_chosen else language_of(site.branding, wanted)
    with speaking(site.page.pk, language):
        yield replace(site, language=language)


def may_see(request: HttpRequest, site: Site, subscriber: Subscriber) -> bool:
    """Whether what the page hides may be named to whoever has a subscriber's link."""
    return may_read(request, site, address=address_behind(subscriber))


def out_of_sight(site: Site, subscriber: Subscriber) -> HttpResponse:
    """Name nothing of a private page; leaving is possible, and who has a key may use it first."""
    is_shut_out = is_withheld(subscriber)
    token = signed_token(subscriber.id, subscriber.version, Purpose.MANAGE)
    said = _(NOT_ON_LIST) if is_shut_out else _("Open the page first, to choose what you hear of.")
    return show(
        site,
        "subscribers/out_of_sight.html",
        _("Your subscription"),
        said,
        status=403,
        parent="statuspage/sentence.html" if is_shut_out else "statuspage/unlock.html",
        asks_password=site.access.asks_password,
        next=site.to(f"/subscriptions/{token}"),
        may_leave=subscriber.state in LEAVABLE,
        unsubscribe_token=signed_token(subscriber.id, subscriber.version, Purpose.UNSUBSCRIBE),
    )


def preferences(
    site: Site,
    subscriber: Subscriber,
    *before: str,
    refused: QueryDict | None = None,
    seen: str | None = None,
    secret: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show what is kept; of a form that was refused, what it sent.

    `seen` is carried instead of what is kept: what its author saw.
    """
    scopes = list(subscriber.scopes.select_related("component", "incident"))
    on_page = Incident.objects.on_page(site.page)
    # What was taken off the page is not named any more, not even to those who followed it.
    held = on_page.filter(pk__in=[s.incident_id for s in scopes if s.incident_id])
    choice = kept(subscriber, scopes, language_of(site.branding, subscriber.language))
    languages = site.branding.languages
    offered_languages = languages if len(languages) > 1 else ()
    offered = {i.pk: i for i in [*held, *on_page.open().order_by("-id")[:20]]}
    return show(
        site,
        "subscribers/manage.html",
        _("Your subscription"),
        *before,
        sentences.standing(subscriber),
        status=status,
        subscriber=subscriber,
        endpoint=Endpoint.objects.filter(pk=subscriber.pk).first(),
        is_signed=subscriber.channel == Channel.WEBHOOK,
        secret=secret,
        submission_id=new_ulid(),
        seen=seen_of(subscriber) if seen is None else seen,
        manage_token=signed_token(subscriber.id, subscriber.version, Purpose.MANAGE),
        choice=choice if refused is None else sent(refused, choice),
        overtaken=_(OVERTAKEN),
        components=site.components,
        incidents=list(offered.values()),
        kinds=[(kind, _(name)) for kind, name in KINDS.items()],
        languages=[(code, dict(settings.LANGUAGES)[code]) for code in offered_languages],
        unsubscribe_token=signed_token(subscriber.id, subscriber.version, Purpose.UNSUBSCRIBE),
    )


def changed_meanwhile(site: Site, subscriber: Subscriber) -> str:
    """Say what stands now where a form was opened before; names only what the page shows."""
    if subscriber.state == SubscriberState.UNSUBSCRIBED:
        return _(ENDED)
    if subscriber.state == SubscriberState.DISABLED:
        return _(SWITCHED_OFF)
    scopes = list(subscriber.scopes.select_related("component", "incident"))
    choice = kept(subscriber, scopes, language_of(site.branding, subscriber.language))
    shown = Incident.objects.on_page(site.page).filter(pk__in=choice.ids).order_by("id")
    components = [one.name for one in site.components if one.id in choice.ids]
    named = [*components, *(incident.title for incident in shown)]
    said = [
        *([_("Everything on this page")] if choice.is_everything else named),
        _(KINDS[Kinds(choice.kinds)]),
        *([_(OVERTAKEN)] if choice.wants_only_latest else []),
    ]
    if len(site.branding.languages) > 1:
        said.append(dict(settings.LANGUAGES)[choice.language])
    return _(CHANGED) % {"kept": side_by_side(said)}


def unknown_link(site: Site) -> HttpResponse:
    return sentence(site, _("This link leads nowhere"), _(UNKNOWN_LINK), status=404)
