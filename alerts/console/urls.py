from django.urls import path

from alerts.console.taking import take

urlpatterns = [path("take/<str:token>", take, name="alert_take")]
