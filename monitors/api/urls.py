from django.urls import path

from monitors.api.monitors import MonitorDetail, MonitorList
from monitors.api.services import ServiceDetail, ServiceList

urlpatterns = [
    path("monitors", MonitorList.as_view()),
    path("monitors/<ulid:monitor_id>", MonitorDetail.as_view()),
    path("services", ServiceList.as_view()),
    path("services/<ulid:service_id>", ServiceDetail.as_view()),
]
