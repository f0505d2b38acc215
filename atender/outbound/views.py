from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from atender.outbound.events import UnreadableReport, announce, find_channel, read_events


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def mail_events(request: HttpRequest, pk: str, token: str) -> HttpResponse:
    """Take what a tenant's mail provider reports; the secret in the address is the authority.

    GET and HEAD, with which some try the address, change nothing.
    """
    channel = find_channel(pk, token)
    if channel is None:
        raise Http404("No provider reports here.")
    if request.method == "POST":
        try:
            announce(channel, read_events(channel, request))
        except UnreadableReport as refusal:
            return HttpResponse(f"{refusal.sentence}\n", status=400, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})
