"""The console's own screens of planned work, below the admin's addresses of it."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path

from incidents.console.planned import planning, series, window


def window_urls(site: AdminSite) -> list[URLPattern]:
    views = {
        "start": window.start,
        "complete": window.complete,
        "extend": window.extend,
        "move": window.move,
        "cancel": window.cancel,
    }
    return [
        path(
            "preview/",
            site.admin_view(planning.preview_planning),
            name="incidents_maintenance_preview",
        ),
        *(
            path(f"<ulid:pk>/{name}/", site.admin_view(view), name=f"incidents_maintenance_{name}")
            for name, view in views.items()
        ),
    ]


def series_urls(site: AdminSite) -> list[URLPattern]:
    return [
        path(
            "<ulid:pk>/end/",
            site.admin_view(series.end),
            name="incidents_maintenanceseries_end",
        ),
        path(
            "<ulid:pk>/undo/",
            site.admin_view(series.undo),
            name="incidents_maintenanceseries_undo",
        ),
    ]
