"""Lists whose order is what the public sees: each row moves up or down by a click."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from atender.actors import Actor
from atender.console.theme import RecordAdmin, display
from atender.staff.session import actor_of

UP, DOWN = "-1", "1"


class MovableRecord(RecordAdmin):
    """`move` is the verb; the buttons stand in the list's own form and need no script."""

    def move(self, record: Any, steps: int, by: Actor) -> None:
        raise NotImplementedError

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.move_view))
        own = path("<ulid:pk>/move/", view, name=self._name("move"))
        return [own, *super().get_urls()]

    def _name(self, view: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{view}"

    def move_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        record = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, record):
            raise PermissionDenied("Your role does not put this in order.")
        if request.POST.get("steps") in (UP, DOWN):
            self.move(record, int(request.POST["steps"]), actor_of(request))
        return redirect(f"admin:{self._name('changelist')}")

    def get_list_display(self, request: HttpRequest) -> list[str]:
        columns = list(super().get_list_display(request))
        return [*columns, "arrows"] if self.has_change_permission(request) else columns

    @display(description="Order")
    def arrows(self, record: Any) -> SafeString:
        url = reverse(f"admin:{self._name('move')}", args=[record.pk])
        return format_html(
            '<span class="btn-row">'
            '<button class="btn small" name="steps" value="{}" formaction="{}" formnovalidate '
            'aria-label="Move {} up">↑</button>'
            '<button class="btn small" name="steps" value="{}" formaction="{}" formnovalidate '
            'aria-label="Move {} down">↓</button></span>',
            *(UP, url, record, DOWN, url, record),
        )
