from django.urls import path

from assist.checking_views import check
from assist.following_views import follow_incident

app_name = "assist_page"
urlpatterns = [
    path("follow/<str:token>", follow_incident, name="follow"),
    path("check", check, name="check"),
]
