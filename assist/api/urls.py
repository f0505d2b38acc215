from django.urls import path

from assist.api.status_check import StatusCheck

urlpatterns = [path("assist/status_check", StatusCheck.as_view())]
