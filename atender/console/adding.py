"""Forms of the console that add a record: a double click adds one."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from atender.ids import new_ulid
from atender.limits.submissions import NAME, is_first, release


class AddedOnce:
    """Gives each showing of the add form an id, under which one record is made."""

    opts: Any

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        # Shown again with what is wrong, it is a new showing: nothing was made by the last one.
        context = {NAME: new_ulid(), **(extra_context or {})}
        if request.method != "POST":
            return self._add_by_form(request, form_url, context)
        with transaction.atomic():
            if not is_first(request.POST.get(NAME, "")):
                return self._added_before(request)
            response = self._add_by_form(request, form_url, context)
            if not isinstance(response, HttpResponseRedirect):
                nothing_added(request)
        return response

    def _add_by_form(
        self, request: HttpRequest, form_url: str, context: dict[str, Any]
    ) -> HttpResponse:
        response: HttpResponse = super().add_view(request, form_url, context)  # type: ignore[misc]
        return response

    def _added_before(self, request: HttpRequest) -> HttpResponse:
        noun = self.opts.verbose_name
        messages.info(request, f"The {noun} was added by the first click; here it is.")
        return redirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))


def nothing_added(request: HttpRequest) -> None:
    """Let the same showing be sent again."""
    release(request.POST.get(NAME, ""))
