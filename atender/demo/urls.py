from django.urls import path

from atender.demo import views

urlpatterns = [
    path("", views.mailbox, name="mailbox"),
    path("<str:name>/", views.message, name="mailbox_message"),
    path("<str:name>/html/", views.message_html, name="mailbox_message_html"),
    path("<str:name>/raw/", views.message_raw, name="mailbox_message_raw"),
]
