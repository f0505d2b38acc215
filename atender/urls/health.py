from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from atender.listening import listener
from atender.unavailable import needs_no_database


# Nothing is posted here: without the exemption a wrong method would answer about cookies.
@csrf_exempt
@require_safe
@needs_no_database
def healthz(_request: HttpRequest) -> HttpResponse:
    """Say that this process answers, and since when the database does not: pages outlive it."""
    said = "ok\n"
    if listener.has_started and not listener.is_answering:
        since = listener.answered_at
        lasting = f"since {since:%Y-%m-%d %H:%M:%S} UTC" if since else "since this process started"
        said += f"the database has not answered {lasting}; pages are served as they were\n"
    return HttpResponse(said, content_type="text/plain", headers={"Cache-Control": "no-store"})
