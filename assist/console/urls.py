from django.contrib import admin
from django.urls import path

from assist.console.views import try_a_message
from assist.demo.views import chat

urlpatterns = [
    path("chat/", admin.site.admin_view(chat), name="assist_demo_chat"),
    path("try-a-message/", admin.site.admin_view(try_a_message), name="assist_try_a_message"),
]
