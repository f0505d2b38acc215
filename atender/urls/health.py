from django.http import HttpRequest, HttpResponse


def healthz(_request: HttpRequest) -> HttpResponse:
    """Say that this process answers; it asks nothing of the database, which pages outlive."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})
