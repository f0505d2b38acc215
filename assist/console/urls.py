from django.contrib import admin
from django.urls import path

from assist.console.views import try_a_message

urlpatterns = [
    path("try-a-message/", admin.site.admin_view(try_a_message), name="assist_try_a_message"),
]
