"""Console hosts: staff and programs."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from atender.urls.health import healthz

to_incidents = RedirectView.as_view(pattern_name="admin:incidents_incident_changelist")

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    path("", include("atender.staff.urls")),
    path("alerts/", include("alerts.console.urls")),
    path("on-call/", include("alerts.console.oncall.urls")),
    path("assist/", include("assist.console.urls")),
    path("sidekick/", include("assist.sidekick.urls")),
    path("", include("atender.outbound.urls")),
    path("", include("atender.urls.api")),
    path("", include("assist.mcp.urls")),
    path("", include("incidents.api.dialects.urls")),
    path("mailbox/", include("atender.demo.urls")),
    path("shaky/", include("atender.demo.shaky.urls")),
    # Where one reference system keeps its incidents.
    path("manage/incidents", to_incidents),
    path("manage/incidents/", to_incidents),
    path("healthz", healthz),
]

handler400 = "atender.api.unreached.unreadable"
handler403 = "atender.console.errors.forbidden"
handler404 = "atender.api.unreached.missing"
handler500 = "atender.api.unreached.broken"
