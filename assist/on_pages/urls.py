from django.urls import path

from assist.on_pages.checking import check
from assist.on_pages.following import follow_incident

app_name = "assist_page"
urlpatterns = [
    path("follow/<str:token>", follow_incident, name="follow"),
    path("check", check, name="check"),
]
