from django.urls import path, re_path, register_converter
from django.urls.converters import get_converters

from atender.ids import ULIDConverter
from statuspage.elsewhere import badge, embed
from statuspage.feeds import views as feeds
from statuspage.v2 import views as v2
from statuspage.visitors import crawlers, unlocking, views

if "ulid" not in get_converters():
    register_converter(ULIDConverter, "ulid")

app_name = "statuspage"
urlpatterns = [
    path("", views.front, name="front"),
    path("incidents/<ulid:incident_id>", views.incident, name="incident"),
    path("maintenance/<ulid:incident_id>", views.maintenance, name="maintenance"),
    path("history", views.history, name="history"),
    re_path(r"^theme/(?P<colour>[0-9a-f]{6})\.css\Z", views.theme, name="theme"),
    path("history.atom", feeds.atom),
    path("history.rss", feeds.rss),
    path("history.ics", feeds.calendar),
    path("badge.svg", badge.of_page),
    path("badge/<ulid:component_id>.svg", badge.of_component),
    path("embed", embed.frame, name="embed"),
    path("embed.js", embed.script),
    path("robots.txt", crawlers.robots),
    path("sitemap.xml", crawlers.sitemap),
    path("llms.txt", crawlers.llms),
    re_path(r"^pictures/(?P<digest>[0-9a-f]{32})\.png\Z", views.picture, name="picture"),
    path("unlock", unlocking.unlock, name="unlock"),
    path("unlock/<str:token>", unlocking.link, name="unlock_link"),
    path("api/v2/summary.json", v2.summary),
    path("api/v2/status.json", v2.status),
    path("api/v2/components.json", v2.components),
    path("api/v2/incidents.json", v2.incidents),
    path("api/v2/incidents/unresolved.json", v2.unresolved),
    path("api/v2/scheduled-maintenances.json", v2.scheduled_maintenances),
    path("api/v2/scheduled-maintenances/upcoming.json", v2.upcoming),
    path("api/v2/scheduled-maintenances/active.json", v2.active),
]
