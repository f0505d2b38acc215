"""Where Slack posts what somebody typed; its signature is the authority."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from alerts.models import SlackApp
from alerts.slack.acting import answer_to
from alerts.slack.keeping import note_refusal, note_use
from alerts.slack.signing import is_signed
from atender.api.errors import problem_page

UNSIGNED = "Slack did not sign this with our app's secret in the last five minutes."


@csrf_exempt
@require_POST
def take_command(request: HttpRequest) -> HttpResponse:
    app = SlackApp.objects.first()
    if app is None:
        raise Http404("No slash command is set up here.")
    signature, now = request.headers.get("X-Slack-Signature", ""), timezone.now()
    is_theirs = is_signed(
        app.signing_secret,
        timestamp=request.headers.get("X-Slack-Request-Timestamp", ""),
        signature=signature,
        body=request.body,
        now=now,
    )
    if not is_theirs:
        note_refusal(app, at=now)
        return problem_page(request, HTTPStatus.UNAUTHORIZED, UNSIGNED)
    form = QueryDict(request.body)
    if form.get("ssl_check"):
        return HttpResponse()
    user_id = form.get("user_id") or ""
    text = answer_to(
        form.get("command") or "/incident",
        user_id=user_id,
        text=form.get("text") or "",
        # Sent again it has the same trigger, with another signature.
        identity=form.get("trigger_id") or signature,
        at=now,
    )
    note_use(app, user_id=user_id, user_name=form.get("user_name") or "", at=now)
    return JsonResponse({"response_type": "ephemeral", "text": text})
