from django.urls import path

from alerts.api.alerts import (
    AlertAcknowledgement,
    AlertDetail,
    AlertList,
    AlertNotes,
    AlertPromotion,
    AlertResolution,
    AlertSnoozing,
)
from alerts.api.channels import (
    AlertChannelDetail,
    AlertChannelList,
    AlertChannelRenewal,
    AlertChannelTest,
)
from alerts.api.contact_methods import (
    ContactMethodCode,
    ContactMethodDetail,
    ContactMethodList,
    ContactMethodTest,
    ContactMethodVerification,
)
from alerts.api.groups import NotificationGroupDetail, NotificationGroupList
from alerts.api.inbound import (
    InboundSourceDetail,
    InboundSourceList,
    InboundSourceRenewal,
)
from alerts.api.inbound_doors import (
    InboundAlertmanager,
    InboundGeneric,
    InboundGrafana,
    InboundPagerDuty,
)
from alerts.api.policies import PolicyDetail, PolicyList
from alerts.api.routing import ServiceRouting
from alerts.api.schedules import OverrideDetail, OverrideList, ScheduleDetail, ScheduleList
from alerts.api.slack import Slack
from alerts.api.summoning import IncidentSummons

urlpatterns = [
    path("alerts", AlertList.as_view()),
    path("alerts/<ulid:alert_id>", AlertDetail.as_view()),
    path("alerts/<ulid:alert_id>/acknowledge", AlertAcknowledgement.as_view()),
    path("alerts/<ulid:alert_id>/resolve", AlertResolution.as_view()),
    path("alerts/<ulid:alert_id>/snooze", AlertSnoozing.as_view()),
    path("alerts/<ulid:alert_id>/notes", AlertNotes.as_view()),
    path("alerts/<ulid:alert_id>/create-incident", AlertPromotion.as_view()),
    path("incidents/<ulid:incident_id>/page", IncidentSummons.as_view()),
    path("inbound-sources", InboundSourceList.as_view()),
    path("inbound-sources/<ulid:source_id>", InboundSourceDetail.as_view()),
    path("inbound-sources/<ulid:source_id>/renew", InboundSourceRenewal.as_view()),
    path("inbound/<str:token>/alertmanager", InboundAlertmanager.as_view()),
    path("inbound/<str:token>/grafana", InboundGrafana.as_view()),
    path("inbound/<str:token>/generic", InboundGeneric.as_view()),
    path("contact-methods", ContactMethodList.as_view()),
    path("contact-methods/<ulid:method_id>", ContactMethodDetail.as_view()),
    path("contact-methods/<ulid:method_id>/code", ContactMethodCode.as_view()),
    path("contact-methods/<ulid:method_id>/verify", ContactMethodVerification.as_view()),
    path("contact-methods/<ulid:method_id>/test", ContactMethodTest.as_view()),
    path("notification-groups", NotificationGroupList.as_view()),
    path("notification-groups/<ulid:group_id>", NotificationGroupDetail.as_view()),
    path("schedules", ScheduleList.as_view()),
    path("schedules/<ulid:schedule_id>", ScheduleDetail.as_view()),
    path("schedules/<ulid:schedule_id>/overrides", OverrideList.as_view()),
    path("schedules/<ulid:schedule_id>/overrides/<ulid:override_id>", OverrideDetail.as_view()),
    path("escalation-policies", PolicyList.as_view()),
    path("escalation-policies/<ulid:policy_id>", PolicyDetail.as_view()),
    path("services/<ulid:service_id>/routing", ServiceRouting.as_view()),
    path("inbound/<str:token>/pagerduty", InboundPagerDuty.as_view()),
    path("slack", Slack.as_view()),
    path("alert-channels", AlertChannelList.as_view()),
    path("alert-channels/<ulid:channel_id>", AlertChannelDetail.as_view()),
    path("alert-channels/<ulid:channel_id>/test", AlertChannelTest.as_view()),
    path("alert-channels/<ulid:channel_id>/renew", AlertChannelRenewal.as_view()),
]
