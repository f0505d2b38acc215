from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from alerts.people.starting import start_on_call
from atender.console.doors import require, tried
from atender.roles import Ability
from atender.staff.session import actor_of, person_of


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Make every alert call the person who clicks, as a start for arranging the rest."""
    require(request, Ability.MANAGE_ALERTS)
    said = "Everything calls you now, by e-mail. Send yourself a test page to be sure."
    is_done = tried(request, lambda: start_on_call(person_of(request), by=actor_of(request)), said)
    return redirect("on_call_me" if is_done else "on_call_groups")
