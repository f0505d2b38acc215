"""“Fill in”: the same screen again, what was typed with what the chosen template adds."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from atender.console.doors import WRITE, require
from atender.roles import Ability, may
from incidents.console.composer import ComposerForm
from incidents.console.doors import of_incident
from incidents.console.from_template import INSTEAD, put_in, template_named, wording_of
from incidents.console.opening import show_opening
from incidents.console.opening_form import OpeningForm, as_sent
from incidents.console.workspace import show_workspace
from incidents.models import Incident, Page, Template, TemplateKind
from incidents.models.vocabulary import Status

CHOOSE = "Choose a template first."
GONE = "This template is not there any more; choose another."


@require_http_methods(list(WRITE))
def for_opening(request: HttpRequest) -> HttpResponse:
    require(request, Ability.DRAFT)
    values = as_sent(request.POST)
    sent = OpeningForm(request.POST, may_publish=may(request.user, Ability.PUBLISH))
    sent.is_valid()
    template = _chosen(request, TemplateKind.INCIDENT)
    form = OpeningForm(initial=values, may_publish=sent.may_publish)
    if template:
        _fill_opening(form, values, sent, template, instead=request.POST.get(INSTEAD, ""))
    return show_opening(request, form)


def _fill_opening(
    form: OpeningForm,
    values: dict[str, Any],
    sent: OpeningForm,
    template: Template,
    *,
    instead: str,
) -> None:
    added = [component.pk for component in template.components.all()]
    values["components"] = list(dict.fromkeys([*values.get("components", ()), *added]))
    if (pages := list(template.pages.all())) and form.may_publish and _is_untouched(values):
        values["pages"] = [page.pk for page in pages]
    typed = "" if instead == "title" else sent.typed_title()
    wording = wording_of(template, sent.circumstances(added), typed)
    offers = {
        "title": ("title", wording.title),
        "severity": ("severity", wording.severity or ""),
        "status": ("status", wording.status or ""),
        "body": ("text", wording.body),
    }
    form.kept = put_in(values, offers, instead=instead, untouched={"status": Status.INVESTIGATING})


def _is_untouched(values: dict[str, Any]) -> bool:
    """Whether the pages are still ticked as in an empty form; a person's own choice is kept."""
    default = Page.objects.filter(is_default=True).values_list("pk", flat=True)
    return set(values.get("pages", ())) == set(default)


@of_incident(Ability.POST_UPDATE, WRITE)
def for_update(request: HttpRequest, incident: Incident) -> HttpResponse:
    values = request.POST.dict()
    sent = ComposerForm(request.POST, incident=incident)
    sent.is_valid()
    template = _chosen(request, TemplateKind.UPDATE)
    form = ComposerForm(initial=values, incident=incident)
    if template:
        _fill_update(form, values, sent, template, instead=request.POST.get(INSTEAD, ""))
    return show_workspace(request, incident, form)


def _fill_update(
    form: ComposerForm,
    values: dict[str, Any],
    sent: ComposerForm,
    template: Template,
    *,
    instead: str,
) -> None:
    incident = sent.incident
    wording = wording_of(template, sent.circumstances(), incident.title)
    is_beside = wording.status not in (None, incident.status, incident.next_status)
    severity = wording.severity if wording.severity != incident.severity else None
    offers = {
        "body": ("text", wording.body),
        "severity": ("severity", severity or ""),
        "another_status": ("status", wording.status or "" if is_beside else ""),
    }
    if not is_beside:
        # An earlier template's step must not stay behind under another's text.
        values["another_status"] = ""
    form.kept = put_in(values, offers, instead=instead)
    form.goes_with = _goes_with(incident, template)


def _goes_with(incident: Incident, template: Template) -> str:
    """Return which button goes with the template's status."""
    if template.status is None or template.status == incident.status:
        return f"It changes no status: “Post, still {incident.get_status_display()}”."
    word = Status(template.status).label
    if template.status == incident.next_status:
        return f"It goes with the step to {word}, the blue button."
    return f"It goes with the step to {word}, which is chosen beside “Post as chosen”."


def _chosen(request: HttpRequest, kind: TemplateKind) -> Template | None:
    pk = request.POST.get("template", "")
    template = template_named(pk, kind)
    if template is None:
        messages.warning(request, GONE if pk else CHOOSE)
    return template
