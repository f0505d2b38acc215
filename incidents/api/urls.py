from django.urls import path

from incidents.api.changes import ChangeDetail, ChangeList
from incidents.api.components import ComponentDetail, ComponentList
from incidents.api.drafts import DraftDetail, DraftList, DraftPublishing
from incidents.api.follow_ups import FollowUpDetail, FollowUpList
from incidents.api.groups import GroupDetail, GroupList
from incidents.api.incidents import Acknowledgement, IncidentDetail, IncidentList
from incidents.api.maintenances import MaintenanceDetail, MaintenanceList
from incidents.api.pages import PageDetail, PageList
from incidents.api.post_mortems import PostMortemDetail
from incidents.api.series import SeriesDetail, SeriesEnding, SeriesList
from incidents.api.templates import TemplateDetail, TemplateList
from incidents.api.updates import UpdateDetail, UpdateList

urlpatterns = [
    path("incidents", IncidentList.as_view()),
    path("incidents/<ulid:incident_id>", IncidentDetail.as_view()),
    path("incidents/<ulid:incident_id>/acknowledge", Acknowledgement.as_view()),
    path("incidents/<ulid:incident_id>/updates", UpdateList.as_view()),
    path("incidents/<ulid:incident_id>/updates/<ulid:update_id>", UpdateDetail.as_view()),
    path("incidents/<ulid:incident_id>/postmortem", PostMortemDetail.as_view()),
    path("incidents/<ulid:incident_id>/postmortem/follow-ups", FollowUpList.as_view()),
    path(
        "incidents/<ulid:incident_id>/postmortem/follow-ups/<ulid:follow_up_id>",
        FollowUpDetail.as_view(),
    ),
    path("maintenances", MaintenanceList.as_view()),
    path("maintenances/<ulid:maintenance_id>", MaintenanceDetail.as_view()),
    path("maintenance-series", SeriesList.as_view()),
    path("maintenance-series/<ulid:series_id>", SeriesDetail.as_view()),
    path("maintenance-series/<ulid:series_id>/end", SeriesEnding.as_view()),
    path("drafts", DraftList.as_view()),
    path("drafts/<ulid:draft_id>", DraftDetail.as_view()),
    path("drafts/<ulid:draft_id>/publish", DraftPublishing.as_view()),
    path("templates", TemplateList.as_view()),
    path("templates/<ulid:template_id>", TemplateDetail.as_view()),
    path("components", ComponentList.as_view()),
    path("components/<ulid:component_id>", ComponentDetail.as_view()),
    path("component-groups", GroupList.as_view()),
    path("component-groups/<ulid:group_id>", GroupDetail.as_view()),
    path("status-pages", PageList.as_view()),
    path("status-pages/<ulid:page_id>", PageDetail.as_view()),
    path("changes", ChangeList.as_view()),
    path("changes/<ulid:change_id>", ChangeDetail.as_view()),
]
