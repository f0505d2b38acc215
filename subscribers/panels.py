"""What the console's screens show of subscribers."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.template.loader import render_to_string

from atender.console import navigation, panels
from incidents.models import Incident
from subscribers.models import DeliveryState, Notice, NoticeState
from subscribers.reach import progress_of, reach_of


def render_reach(request: HttpRequest, incident: Incident) -> str:
    context = {
        "incident": incident,
        "reach": reach_of(incident),
        "is_internal": not incident.publications.exists(),
        "notices": progress_of(incident),
    }
    return render_to_string("subscribers/console/reach.html", context, request=request)


def render_trouble(request: HttpRequest, _subject: Any) -> str:
    """Mails that do not go out, on the first screen; nothing while all is well."""
    stuck = Notice.objects.filter(~Q(trouble=""), state=NoticeState.SENDING)
    if not stuck:
        return ""
    context = {"notices": stuck.select_related("incident")[:5]}
    return render_to_string("subscribers/console/trouble.html", context, request=request)


def count_failed(_request: HttpRequest) -> str:
    notices = Notice.objects.filter(state=NoticeState.SENDING)
    failed = notices.filter(deliveries__state=DeliveryState.FAILED).distinct().count()
    return str(failed) if failed else ""


panels.register("incident.side", render_reach, order=20)
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
