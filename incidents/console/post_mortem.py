"""The screens of a post-mortem: started, written with a preview, published, taken back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from atender.console.doors import READ, WRITE, require
from atender.console.screens import screen
from atender.markdown import render_markdown
from atender.refusals import Refused
from atender.roles import Ability
from atender.staff.session import actor_of
from atender.texts import LONGEST_TEXT
from incidents.afterwards import post_mortems
from incidents.afterwards.hindsight import look_back
from incidents.afterwards.retelling import empty_sections
from incidents.console.differences import difference
from incidents.console.doors import of_incident
from incidents.console.follow_up_card import card_of
from incidents.console.post_mortem_doors import (
    ability_to_write,
    pages_of,
    post_mortem_or_404,
    to_post_mortem,
)
from incidents.console.post_mortem_forms import PostMortemForm, PublishPostMortemForm
from incidents.console.post_mortem_versions import versions_of
from incidents.models import Incident, IncidentUpdate, PostMortem
from incidents.texts.wording import jargon_advice


@of_incident(Ability.READ, READ)
def show(request: HttpRequest, incident: Incident) -> HttpResponse:
    post_mortem = PostMortem.objects.filter(incident=incident).first()
    if post_mortem is None:
        return screen(
            request,
            "incidents/console/post_mortem_none.html",
            title="Post-mortem",
            incident=incident,
            versions=versions_of(incident),
        )
    return show_post_mortem(request, post_mortem, PostMortemForm(initial=_as_saved(post_mortem)))


def show_post_mortem(
    request: HttpRequest,
    post_mortem: PostMortem,
    form: PostMortemForm,
    *,
    status: int = 200,
    **context: Any,
) -> TemplateResponse:
    incident = post_mortem.incident
    body = str(form["body"].value() or "")
    return screen(
        request,
        "incidents/console/post_mortem.html",
        title="Post-mortem",
        status=status,
        form=form,
        rendered=rendered(body),
        past=look_back(incident) if incident.is_closed else None,
        shown_on=pages_of(incident),
        private=private_words(incident),
        versions=versions_of(incident),
        outdated=post_mortems.outdated_quotes(post_mortem) if post_mortem.is_published else (),
        **card_of(request, post_mortem),
        **context,
    )


def rendered(body: str) -> str:
    # As on the page, where the text's own headings stand below the section's.
    return render_markdown(body)


def private_words(incident: Incident) -> list[IncidentUpdate]:
    """Return the private updates, shown beside the text and never part of a draft."""
    kept = incident.updates.kept().filter(is_public=False, deleted_at=None).exclude(body="")
    return list(kept.order_by("posted_at", "id"))


def _as_saved(post_mortem: PostMortem) -> dict[str, Any]:
    return {"body": post_mortem.body, "seen": post_mortem.version}


@of_incident(Ability.DRAFT, WRITE)
def start(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Begin the draft; a second click shows the first one."""
    try:
        post_mortems.start_post_mortem(incident, by=actor_of(request))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("admin:incidents_incident_change", incident.pk)
    return to_post_mortem(incident)


@of_incident(Ability.READ, WRITE)
def preview(request: HttpRequest, incident: Incident) -> HttpResponse:
    """A fragment: the text as visitors would read it."""
    return HttpResponse(rendered(request.POST.get("body", "")[:LONGEST_TEXT]))


@of_incident(Ability.DRAFT, WRITE)
def write(request: HttpRequest, incident: Incident) -> HttpResponse:
    post_mortem = post_mortem_or_404(incident)
    require(request, ability_to_write(post_mortem))
    form = PostMortemForm(request.POST)
    if not form.is_valid():
        return show_post_mortem(request, post_mortem, form, status=422)
    try:
        saved = post_mortems.change_post_mortem(
            post_mortem, by=actor_of(request), body=form.text, seen=form.version
        )
    except post_mortems.WrittenMeanwhile as refusal:
        return _written_meanwhile(request, incident, form, refusal)
    except Refused as refusal:
        form.refuse(refusal)
        return show_post_mortem(request, post_mortem, form, status=422)
    if request.POST.get("then") == "publish":
        return to_post_mortem(incident, "publish/")
    where = "Saved; the pages show it." if saved.is_published else "The draft is saved."
    messages.success(request, where)
    return to_post_mortem(incident)


def _written_meanwhile(
    request: HttpRequest, incident: Incident, form: PostMortemForm, refusal: Refused
) -> HttpResponse:
    """Show the author's text again, with its differences from the version saved meanwhile."""
    newest = post_mortem_or_404(incident)
    again = PostMortemForm({"body": form.text, "seen": newest.version})
    again.is_valid()
    again.add_error(None, f"{refusal.sentence} Your text is kept here; saving replaces the other.")
    differs = difference(newest.body, form.text)
    return show_post_mortem(request, newest, again, status=409, differs=differs)


@of_incident(Ability.PUBLISH)
def publish(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Ask once, and say where it will appear and who is told."""
    post_mortem = post_mortem_or_404(incident)
    form = PublishPostMortemForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            published = post_mortems.publish_post_mortem(
                post_mortem, by=actor_of(request), notifies=form.cleaned_data["notifies"]
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            told = " Subscribers are told." if published.notified_at else ""
            messages.success(request, f"The post-mortem is published.{told}")
            return to_post_mortem(incident)
    return screen(
        request,
        "incidents/console/post_mortem_publish.html",
        title="Publish the post-mortem",
        status=422 if form.errors else 200,
        incident=incident,
        post_mortem=post_mortem,
        form=form,
        rendered=rendered(post_mortem.body),
        shown_on=pages_of(incident),
        listed=post_mortem.follow_ups.filter(is_public=True),
        empty=empty_sections(post_mortem.body),
        outdated=post_mortems.outdated_quotes(post_mortem),
        jargon=jargon_advice(post_mortem.body),
    )


@of_incident(Ability.PUBLISH, WRITE)
def withdraw(request: HttpRequest, incident: Incident) -> HttpResponse:
    post_mortems.withdraw_post_mortem(post_mortem_or_404(incident), by=actor_of(request))
    messages.success(request, "No page shows it any more; the text is kept as a draft.")
    return to_post_mortem(incident)


@of_incident(Ability.DELETE)
def delete(request: HttpRequest, incident: Incident) -> HttpResponse:
    post_mortem = post_mortem_or_404(incident)
    if request.method == "POST":
        post_mortems.delete_post_mortem(post_mortem, by=actor_of(request))
        messages.success(request, "The post-mortem is deleted.")
        return redirect("admin:incidents_incident_change", incident.pk)
    return screen(
        request,
        "incidents/console/post_mortem_delete.html",
        title="Delete the post-mortem?",
        incident=incident,
        post_mortem=post_mortem,
        follow_ups=post_mortem.follow_ups.count(),
        versions=versions_of(incident),
        shown_on=pages_of(incident),
    )
