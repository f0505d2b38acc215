"""Page hosts: what the public sees. No console, no API of the console."""

from django.urls import include, path

from atender.urls.health import healthz

urlpatterns = [
    path("healthz", healthz),
    path("", include("statuspage.urls")),
    path("", include("subscribers.urls")),
    path("", include("assist.receipts.urls")),
    path("", include("assist.on_pages.urls")),
]

handler400 = "statuspage.visitors.errors.unreadable"
handler404 = "statuspage.visitors.views.missing"
handler500 = "statuspage.visitors.errors.broken"
