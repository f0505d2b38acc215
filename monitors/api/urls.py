from django.urls import path

from monitors.api.monitors import MonitorList, ServiceList

urlpatterns = [
    path("monitors", MonitorList.as_view()),
    path("services", ServiceList.as_view()),
]
