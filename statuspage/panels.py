"""What the console's screens show of pages."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from atender.console import panels
from atender.staff import zones
from incidents.models import Component
from incidents.previewing import Preview
from statuspage.models import Branding
from statuspage.previewing import frames_of


def render_preview(request: HttpRequest, preview: Preview) -> str:
    if preview.update is None:
        return ""
    context = {"frames": frames_of(preview)}
    return render_to_string("statuspage/console/preview.html", context, request=request)


def default_zone() -> str:
    """The default page's, in which staff read times who chose none. One query."""
    found = Branding.objects.filter(page__is_default=True).values_list("time_zone", flat=True)
    return found.first() or ""


def render_uptime_link(request: HttpRequest, component: Component) -> str:
    context = {"component": component}
    return render_to_string("statuspage/console/uptime_link.html", context, request=request)


zones.register_usual(default_zone)
panels.register("incident.preview", render_preview)
panels.register("component.head", render_uptime_link)
