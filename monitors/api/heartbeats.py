"""/heartbeat/{token}: what a job calls when it is done. The token is the authority."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from atender.api.errors import NOT_FOUND, problem_page
from monitors.heartbeats import take_call
from monitors.models import Monitor


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def heartbeat(request: HttpRequest, token: str) -> HttpResponse:
    """Note the call; whatever it carries is not read."""
    monitor = Monitor.objects.filter(heartbeat_token=token).first()
    if monitor is None:
        return problem_page(request, 404, NOT_FOUND)
    take_call(monitor, at=timezone.now())
    answer = HttpResponse("OK\n", content_type="text/plain")
    answer["Cache-Control"] = "no-store"
    return answer
