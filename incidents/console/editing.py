"""Corrections after the fact: title, impacts, pages, the text of an update."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from atender.console.doors import sent
from atender.console.screens import screen
from atender.meanwhile import ChangedMeanwhile
from atender.refusals import Refused
from atender.roles import Ability
from atender.staff.session import actor_of
from incidents import publishing, timeline
from incidents.console.doors import of_incident
from incidents.console.editing_forms import (
    ImpactsForm,
    PublishForm,
    ServiceForm,
    TitleForm,
    UpdateForm,
)
from incidents.console.hints import TitleDraft, title_advice
from incidents.console.screens import to_workspace
from incidents.console.submissions import SubmittedForm
from incidents.correcting import change_incident
from incidents.models import Incident, IncidentUpdate


@of_incident(Ability.EDIT)
def edit_title(request: HttpRequest, incident: Incident) -> HttpResponse:
    form = TitleForm(sent(request), incident=incident)

    def change() -> str:
        given = form.cleaned_data
        wanted = {"title": given["title"], "seen": given["seen"]}
        change_incident(incident, by=actor_of(request), **wanted)
        return "The title is changed; nobody is mailed for it."

    ids = [str(pk) for pk in incident.impacts.values_list("component_id", flat=True)]
    hints = title_advice(request, TitleDraft(form["title"].value() or "", tuple(ids)))
    return _edited(
        request,
        incident,
        form,
        change,
        "title",
        title="Edit the title",
        component_ids=ids,
        **hints,
    )


@of_incident(Ability.EDIT)
def edit_impacts(request: HttpRequest, incident: Incident) -> HttpResponse:
    form = ImpactsForm(sent(request), incident=incident)

    def change() -> str:
        chosen: dict[str, Any] = {"components": form.by_severity(), "impacts": form.impacts()}
        seen = form.cleaned_data["seen"]
        change_incident(incident, by=actor_of(request), seen=seen, **chosen)
        return "The components follow at once; nobody is mailed for it."

    return _edited(
        request,
        incident,
        form,
        change,
        "impacts",
        anew=lambda: ImpactsForm.as_it_stands(incident),
        title="Components affected",
    )


@of_incident(Ability.EDIT)
def edit_service(request: HttpRequest, incident: Incident) -> HttpResponse:
    form = ServiceForm(sent(request), initial={"service": incident.service_id})

    def change() -> str:
        service = form.cleaned_data["service"]
        change_incident(incident, by=actor_of(request), service=service)
        return "Its runbook stands beside the incident now." if service else "No service is named."

    return _edited(request, incident, form, change, "service", title="Service")


@of_incident(Ability.PUBLISH)
def publish(request: HttpRequest, incident: Incident) -> HttpResponse:
    form = PublishForm(sent(request), incident=incident)

    def change() -> str:
        pages = list(form.cleaned_data["pages"])
        publishing.publish(incident, pages=pages, by=actor_of(request))
        names = ", ".join(page.name for page in pages)
        return f"It shows on {names} now."

    spoken = incident.updates.visible().exclude(body="").order_by("posted_at", "id").last()
    title = "Publish on more pages" if incident.publications.exists() else "Publish"
    return _edited(request, incident, form, change, "publish", title=title, spoken=spoken)


@of_incident(Ability.EDIT)
def edit_update(request: HttpRequest, incident: Incident, update: IncidentUpdate) -> HttpResponse:
    form = UpdateForm(sent(request), update=update)

    def change() -> str:
        wanted = {name: form.cleaned_data[name] for name in ("body", "seen")}
        by = actor_of(request)
        timeline.edit_update(update, by=by, is_public=form.is_public, **wanted)
        return "The update is changed; the version before is kept."

    return _edited(request, incident, form, change, "update", title="Edit an update", update=update)


def _edited(
    request: HttpRequest,
    incident: Incident,
    form: SubmittedForm,
    change: Callable[[], str],
    template: str,
    anew: Callable[[], SubmittedForm] | None = None,
    **context: Any,
) -> HttpResponse:
    """GET shows the form; POST changes, or shows it again with what is wrong.

    What somebody changed meanwhile is shown by a form made `anew`, where what was sent cannot be.
    """
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, change())
        except Refused as refusal:
            if anew and isinstance(refusal, ChangedMeanwhile):
                form = anew()
            form.refuse(refusal)
        else:
            return to_workspace(incident)
    return screen(
        request,
        f"incidents/console/edit_{template}.html",
        incident=incident,
        form=form,
        status=422 if form.errors else 200,
        **context,
    )
