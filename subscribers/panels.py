"""What the console's screens show of subscribers."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html

from atender.console import navigation, panels
from atender.roles import Ability, may
from incidents.models import Component, Incident
from incidents.previewing import Preview
from subscribers.models import DeliveryState, Notice, NoticeState, Scope, Subscriber
from subscribers.reach import foreseen_reach, progress_of, reach_of_post_mortem


def render_reach(_request: HttpRequest, preview: Preview) -> str:
    """Say whom posting would notify, in a sentence beside the button."""
    update = preview.update
    if update is None:
        return ""
    if not preview.pages:
        return "Internal: posting tells nobody."
    if not preview.is_visible:
        return "Private: nobody is told." if preview.hides_text else "Nobody is mailed for it."
    if not update.notifies:
        return "Silent: the page changes, nobody is mailed."
    reach = foreseen_reach(preview)
    people = "subscriber" if reach == 1 else "subscribers"
    what = ", without the text" if preview.hides_text else ""
    return format_html("Posting tells <strong>{}</strong> {}{}.", f"{reach:,}", people, what)


def render_reach_of_post_mortem(_request: HttpRequest, incident: Incident) -> str:
    reach = reach_of_post_mortem(incident)
    return f"That is {reach:,} subscriber{'' if reach == 1 else 's'} now."


def render_followers(_request: HttpRequest, component: Component) -> str:
    """Say what happens to those who follow a component that is about to be deleted."""
    followers = Subscriber.objects.active().filter(scopes__component=component)
    if not (count := followers.count()):
        return "No subscriber follows it by itself."
    others = Scope.objects.filter(subscriber=OuterRef("pk")).exclude(component=component)
    alone = followers.exclude(Exists(others)).count()
    said = f"{count:,} subscriber follows it" if count == 1 else f"{count:,} subscribers follow it"
    return f"{said}; {alone:,} of them nothing else, and so hear of nothing any more."


def render_progress(request: HttpRequest, incident: Incident) -> str:
    """Render the progress of earlier updates' mails; empty while there are none."""
    notices = progress_of(incident)
    if not notices:
        return ""
    may_resend = may(request.user, Ability.MANAGE_SUBSCRIBERS)
    context = {
        "incident": incident,
        "notices": notices,
        "may_resend": may_resend,
        # Asked again every two seconds until all is told.
        "is_moving": not all(notice.is_done for notice in notices),
    }
    return render_to_string("subscribers/console/progress.html", context, request=request)


def render_trouble(request: HttpRequest, _subject: Any) -> str:
    """Render mails that cannot be sent, for the first screen; empty while all is well."""
    stuck = Notice.objects.filter(~Q(trouble=""), state=NoticeState.SENDING)
    if not stuck:
        return ""
    context = {"notices": stuck.select_related("incident", "component")[:5]}
    return render_to_string("subscribers/console/trouble.html", context, request=request)


def count_failed(_request: HttpRequest) -> str:
    notices = Notice.objects.filter(state=NoticeState.SENDING)
    failed = notices.filter(deliveries__state=DeliveryState.FAILED).distinct().count()
    return str(failed) if failed else ""


panels.register("component.deletion", render_followers, order=10)
panels.register("incident.post_mortem.reach", render_reach_of_post_mortem, order=10)
panels.register("incident.reach", render_reach, order=10)
panels.register("incident.side", render_progress, order=20)
panels.register("now.side", render_trouble, order=5)
navigation.register(
    navigation.Entry(
        "Subscribers",
        "Subscribers",
        "admin:subscribers_subscriber_changelist",
        "contact_mail",
        order=30,
    )
)
navigation.register(
    navigation.Entry(
        "Subscribers",
        "Deliveries",
        "admin:subscribers_delivery_changelist",
        "forward_to_inbox",
        order=31,
        badge=count_failed,
    )
)
