from django.urls import path

from monitors.api.checks import CheckClaim, CheckList
from monitors.api.heartbeats import Heartbeat
from monitors.api.monitors import MonitorDetail, MonitorList
from monitors.api.runs import AgentRun, MonitorRun
from monitors.api.services import ServiceDetail, ServiceList

urlpatterns = [
    path("agents/<ulid:agent_id>/run", AgentRun.as_view()),
    path("checks", CheckList.as_view()),
    path("checks/claim", CheckClaim.as_view()),
    path("heartbeat/<slug:token>", Heartbeat.as_view()),
    path("monitors", MonitorList.as_view()),
    path("monitors/<ulid:monitor_id>", MonitorDetail.as_view()),
    path("monitors/<ulid:monitor_id>/run", MonitorRun.as_view()),
    path("services", ServiceList.as_view()),
    path("services/<ulid:service_id>", ServiceDetail.as_view()),
]
