"""The screen that asks before deleting, and says what follows."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from atender.console.doors import FORM, found, require
from atender.console.screens import screen
from atender.roles import Ability
from atender.staff.session import actor_of


def deleting(
    model: type[Any],
    verb: Callable[..., None],
    follows: Callable[[Any], list[str]],
    *,
    ability: Ability,
    back: str,
) -> Callable[..., HttpResponse]:
    """Make the screen that deletes records of a kind and returns to `back`."""

    def view(request: HttpRequest, pk: str) -> HttpResponse:
        record = found(model.objects.all(), pk)
        require(request, ability)
        if request.method == "POST":
            verb(record, by=actor_of(request))
            messages.success(request, f"{record} is deleted.")
            return redirect(back)
        return screen(
            request,
            "alerts/oncall/delete.html",
            title=f"Delete {record}?",
            record=record,
            follows=[*follows(record), "There is no way back."],
            back=reverse(back),
        )

    return require_http_methods(list(FORM))(view)
