from django.urls import path

from atender.demo.shaky import views

urlpatterns = [
    path("", views.switch, name="shaky"),
    path("shop", views.shop),
    path("v1/chat/completions", views.chat),
]
