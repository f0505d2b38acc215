"""What the console's screens show of pages."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from atender.console import panels
from incidents.previewing import Preview
from statuspage.previewing import frames_of


def render_preview(request: HttpRequest, preview: Preview) -> str:
    if preview.update is None:
        return ""
    context = {"frames": frames_of(preview)}
    return render_to_string("statuspage/console/preview.html", context, request=request)


panels.register("incident.preview", render_preview)
