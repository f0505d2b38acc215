"""The link of a page: one button takes its alerts. Opening it changes nothing."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from alerts.escalation.links import Expired, find_call
from alerts.models import Alert, AlertStatus, Call
from alerts.together import acknowledge_all
from atender.console.plain import plain_page
from atender.roles import Ability, may
from atender.staff.zones import zone_of

EXPIRED = "This link was good for a day. Sign in to take the alert, if it is still open."


# The token is the authority, as a password would be; no cookie takes part.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the page was about, and on POST take it as whom it called."""
    try:
        call = find_call(token)
    except Expired:
        return plain_page(
            request, "staff/sentence.html", title="Too late", status=410, sentence=EXPIRED
        )
    if call is None or call.person is None or not may(call.person, Ability.ACKNOWLEDGE):
        raise Http404("This link is not valid. Open the whole link of the message.")
    if request.method == "POST":
        take_alerts(call)
    alerts = list(Alert.objects.filter(escalation=call.escalation).order_by("id")[:20])
    is_open = any(alert.status == AlertStatus.TRIGGERED for alert in alerts)
    yours = Alert.objects.open().filter(
        escalation=call.escalation, acknowledged_by_id=call.person_id
    )
    is_yours = not is_open and yours.exists()
    ended = "You have it" if is_yours else "Nothing is left to take"
    with timezone.override(zone_of(call.person)):
        response = plain_page(
            request,
            "alerts/take.html",
            title="Take it" if is_open else ended,
            alerts=alerts,
            person=call.person,
            is_open=is_open,
            is_yours=is_yours,
        )
    response["Referrer-Policy"] = "no-referrer"
    return response


def take_alerts(call: Call) -> None:
    """Acknowledge what its escalation calls for, as the person whom it called."""
    assert call.person is not None
    alerts = Alert.objects.unattended().filter(escalation=call.escalation)
    acknowledge_all(alerts, by=call.person.actor)
