from django.urls import path

from subscribers.forms import endpoint_views, views

app_name = "subscribers"
urlpatterns = [
    path("subscribe", views.subscribe, name="subscribe"),
    path("subscriptions/<str:token>", views.manage, name="manage"),
    path("subscriptions/<str:token>/endpoint", endpoint_views.operate, name="endpoint"),
    path("subscriptions/<str:token>/verify", views.verify, name="verify"),
    path("subscriptions/<str:token>/unsubscribe", views.leave, name="unsubscribe"),
]
