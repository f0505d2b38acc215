from django.urls import path

from atender.outbound.views import mail_events

urlpatterns = [path("mail-events/<ulid:pk>/<str:token>", mail_events, name="mail_events")]
