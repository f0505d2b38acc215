"""Records whose list and form are screens of the console's own, below the admin's addresses."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse

from atender.console.theme import RecordAdmin


class OwnScreens(RecordAdmin):
    """Leads to `list_screen` and to `record_screen`, which takes the record's id."""

    list_screen: ClassVar[Callable[[HttpRequest], HttpResponse]]
    record_screen: ClassVar[Callable[[HttpRequest, str], HttpResponse]]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return type(self).list_screen(request)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return type(self).list_screen(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return type(self).record_screen(request, object_id)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        return type(self).record_screen(request, object_id)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        return type(self).record_screen(request, object_id)
