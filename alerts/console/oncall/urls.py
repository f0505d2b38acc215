"""The screens of being on call, below /on-call/."""

from collections.abc import Callable

from django.contrib import admin
from django.http import HttpResponse
from django.urls import path

from alerts.console.oncall import methods, people

VIEWS: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
    ("me/", people.me, "me"),
    ("people/", people.everybody, "people"),
    ("people/<ulid:pk>/", people.one, "person"),
    ("people/<ulid:pk>/methods/", methods.add, "method_add"),
    *(
        (f"people/<ulid:pk>/methods/<ulid:method_id>/{name}/", methods.door(deed), f"method_{name}")
        for name, deed in methods.DEEDS.items()
    ),
)
urlpatterns = [
    path(route, admin.site.admin_view(view), name=f"on_call_{name}") for route, view, name in VIEWS
]
