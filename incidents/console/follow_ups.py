"""Follow-up actions on the screen of their post-mortem.

With scripts only their card is shown anew, so that a text that is being written stays as it is.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from atender.console.doors import WRITE, require
from atender.refusals import Refused
from atender.roles import Ability
from atender.staff.session import actor_of
from incidents.afterwards import follow_ups
from incidents.console.doors import of_incident
from incidents.console.follow_up_card import FollowUpForm, card_of, form_of, people
from incidents.console.post_mortem_doors import (
    ability_to_write,
    post_mortem_or_404,
    to_post_mortem,
)
from incidents.models import FollowUp, Incident, PostMortem


@of_incident(Ability.DRAFT, WRITE)
def add(request: HttpRequest, incident: Incident) -> HttpResponse:
    post_mortem = to_be_written(request, incident)
    form = FollowUpForm(request.POST, people=people())

    def work() -> None:
        said = form.said()
        follow_ups.add_follow_up(post_mortem, said.pop("title"), by=actor_of(request), **said)

    return _done(request, post_mortem, form, work, adding=form)


@of_incident(Ability.DRAFT, WRITE)
def change(request: HttpRequest, incident: Incident, follow_up_id: str) -> HttpResponse:
    post_mortem = to_be_written(request, incident)
    follow_up = follow_up_or_404(post_mortem, follow_up_id)
    form = form_of(follow_up, people(), request.POST)

    def work() -> None:
        follow_ups.change_follow_up(follow_up, by=actor_of(request), **form.said())

    return _done(request, post_mortem, form, work, changing={follow_up.pk: form})


@of_incident(Ability.DRAFT, WRITE)
def tick(request: HttpRequest, incident: Incident, follow_up_id: str) -> HttpResponse:
    """Mark it done or not done. The button names the result, so a double click is harmless."""
    post_mortem = to_be_written(request, incident)
    follow_up = follow_up_or_404(post_mortem, follow_up_id)
    is_done = request.POST.get("done") == "yes"
    follow_ups.change_follow_up(follow_up, by=actor_of(request), is_done=is_done)
    return _answer(request, post_mortem)


@of_incident(Ability.DELETE, WRITE)
def delete(request: HttpRequest, incident: Incident, follow_up_id: str) -> HttpResponse:
    post_mortem = post_mortem_or_404(incident)
    follow_ups.delete_follow_up(follow_up_or_404(post_mortem, follow_up_id), by=actor_of(request))
    return _answer(request, post_mortem)


def to_be_written(request: HttpRequest, incident: Incident) -> PostMortem:
    post_mortem = post_mortem_or_404(incident)
    require(request, ability_to_write(post_mortem))
    return post_mortem


def follow_up_or_404(post_mortem: PostMortem, pk: str) -> FollowUp:
    follow_up = post_mortem.follow_ups.filter(pk=pk).first()
    if follow_up is None:
        raise Http404("There is no follow-up with this id; it may have been deleted.")
    follow_up.post_mortem = post_mortem
    return follow_up


def _done(
    request: HttpRequest,
    post_mortem: PostMortem,
    form: FollowUpForm,
    work: Callable[[], None],
    **shown_again: Any,
) -> HttpResponse:
    """Do the work of a valid form; else show it again with what is wrong."""
    if form.is_valid():
        try:
            work()
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _answer(request, post_mortem)
    if "HX-Request" in request.headers:
        return _answer(request, post_mortem, **shown_again)
    for sentences in form.errors.values():
        messages.error(request, " ".join(str(sentence) for sentence in sentences))
    return _answer(request, post_mortem)


def _answer(request: HttpRequest, post_mortem: PostMortem, **shown_again: Any) -> HttpResponse:
    """The card for a script, else the whole screen."""
    if "HX-Request" not in request.headers:
        return to_post_mortem(post_mortem.incident, "#follow-ups")
    context = card_of(request, post_mortem, **shown_again)
    return render(request, "incidents/console/follow_ups.html", context)
