"""A stand-in for another vendor's help desk, which shows our panel in a frame."""

import time

from csp.constants import NONE, SELF
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assist.demo.morning import HELP_DESK
from assist.models import Conversation, ConversationSource
from assist.sidekick.signing import signed_query
from atender.demo.landing import written
from atender.tenants.context import in_tenant
from atender.tenants.links import console_url

SHOWN = 20
SHIFT_S = 8 * 3600


@require_safe
def help_desk(request: HttpRequest) -> HttpResponse:
    """The newest conversations of the demo's first company, one of them open."""
    demo = written()
    if demo is None:
        raise Http404("The demo is still being prepared.")
    with in_tenant(demo["tenants"][0]["schema"]):
        rows = list(Conversation.objects.seen_from([]).order_by("-last_message_at")[:SHOWN])
        wanted = request.GET.get("conversation", "")
        chosen = next((row for row in rows if row.external_id == wanted), rows[0] if rows else None)
        console = console_url()
        context = {
            "rows": rows,
            "chosen": chosen,
            "said": list(chosen.messages.all()) if chosen else [],
            "console": console,
            "panel": _panel(console, chosen, request) if chosen else "",
        }
        response = render(request, "assist/demo/help_desk.html", context)
    response._csp_config = {  # type: ignore[attr-defined]
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "frame-src": [console],
        "base-uri": [NONE],
        "form-action": [SELF],
    }
    return response


def _panel(console: str, conversation: Conversation, request: HttpRequest) -> str:
    source = ConversationSource.objects.get(name=HELP_DESK)
    query = signed_query(
        source,
        conversation.external_id,
        "Ben",
        origin=f"{request.scheme}://{request.get_host()}",
        expires=str(int(time.time()) + SHIFT_S),
    )
    return f"{console}/sidekick/panel/{source.id}?{query}"
