from django.urls import path

from assist.demo.help_desk import help_desk

urlpatterns = [path("", help_desk, name="demo_help_desk")]
