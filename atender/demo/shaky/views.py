from collections.abc import Callable
from functools import wraps
from time import sleep
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from atender.console.screens import screen
from atender.demo.shaky.moods import MOODS, change_mood, is_there, mood_of
from atender.roles import Ability, may
from atender.tenants.middleware import address_of
from atender.unavailable import needs_no_database


def in_a_demo(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_there():
            raise Http404("Only the demo has a shaky service.")
        return view(request, *args, **kwargs)

    return guarded


@needs_no_database
@in_a_demo
@require_safe
def shop(request: HttpRequest) -> HttpResponse:
    """A page of the service, as it is in its present mood."""
    mood = mood_of(address_of(request).schema)
    sleep(mood.waits_s)
    said = "The shop is open." if mood.status == 200 else "The shop is closed."
    return HttpResponse(f"{said}\n", status=mood.status, content_type="text/plain")


@needs_no_database
@csrf_exempt
@in_a_demo
@require_http_methods(["POST"])
def chat(request: HttpRequest) -> HttpResponse:
    """A chat completion, as an OpenAI-compatible endpoint answers; it knows one answer."""
    mood = mood_of(address_of(request).schema)
    sleep(mood.waits_s)
    if mood.status != 200:
        return JsonResponse({"error": {"message": mood.about}}, status=mood.status)
    message = {"role": "assistant", "content": mood.answer}
    return JsonResponse(
        {
            "object": "chat.completion",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 9, "completion_tokens": 6, "total_tokens": 15},
        }
    )


@in_a_demo
@admin.site.admin_view
@require_http_methods(["GET", "HEAD", "POST"])
def switch(request: HttpRequest) -> HttpResponse:
    """The screen on which staff break the service and mend it."""
    schema = address_of(request).schema
    may_switch = may(request.user, Ability.MANAGE_MONITORS)
    if request.method == "POST":
        if not may_switch:
            raise PermissionDenied("Your role breaks nothing.")
        name = request.POST.get("mood", "")
        if name not in MOODS:
            messages.error(request, "Choose one of the moods.")
            return redirect("shaky")
        change_mood(schema, name)
        messages.success(request, f"{MOODS[name].words}. Its monitors notice within half a minute.")
        return redirect("shaky")
    return screen(
        request,
        "demo/shaky.html",
        title="Shaky service",
        moods=MOODS.values(),
        present=mood_of(schema),
        may_switch=may_switch,
    )
