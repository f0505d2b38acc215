"""What the console's screens show of pages."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from atender.console import panels
from incidents.previewing import Preview
from incidents.zones import offer_zone
from statuspage.models import Branding
from statuspage.previewing import frames_of


def render_preview(request: HttpRequest, preview: Preview) -> str:
    if preview.update is None:
        return ""
    context = {"frames": frames_of(preview)}
    return render_to_string("statuspage/console/preview.html", context, request=request)


panels.register("incident.preview", render_preview)


@offer_zone
def zone_of_default_page() -> str:
    zones = Branding.objects.filter(page__is_default=True).values_list("time_zone", flat=True)
    return zones.first() or ""
