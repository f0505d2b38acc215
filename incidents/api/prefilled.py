"""`template_id` in a body: what the body leaves out comes from the template, filled in."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework.request import Request

from atender.api.errors import Unprocessable
from atender.api.fields import IdField
from atender.api.reading import records_named
from atender.ids import ULID
from incidents.api.saying import kind_of
from incidents.api.shapes import NewIncident, NewUpdate, TitleField
from incidents.models import Component, Incident, Kind, Page, Template, TemplateKind
from incidents.texts.placeholders import Circumstances
from incidents.texts.templates import circumstances_of, names_of, worded
from incidents.texts.zones import zone_on


class IncidentFromTemplate(NewIncident):
    """The body of POST /incidents with a template; whatever is given beside it is kept."""

    template_id = IdField()
    title = TitleField(required=False)


class NewUpdateOrTemplate(NewUpdate):
    """The body of POST /incidents/{id}/updates; a template gives what is left out."""

    template_id = IdField(required=False)


NEW_INCIDENT = PolymorphicProxySerializer(
    component_name="NewIncidentOrTemplate",
    serializers=[NewIncident, IncidentFromTemplate],
    resource_type_field_name=None,
)


def new_incident_shape(request: Request) -> NewIncident:
    from_template = isinstance(request.data, dict) and "template_id" in request.data
    return (IncidentFromTemplate if from_template else NewIncident)(data=request.data)


def prefilled_incident(body: dict[str, Any]) -> dict[str, Any]:
    """Fill what the body of a new incident leaves out from its template."""
    if "template_id" not in body:
        return body
    template = _template(body["template_id"], TemplateKind.INCIDENT)
    body = {"status_page_ids": [page.pk for page in template.pages.all()], **body}
    components = [] if "component_impacts" in body else list(template.components.all())
    wording = worded(template, _known(body, components), now=timezone.now())
    said = body.get("initial_update", {})
    filled = {
        **body,
        "title": body.get("title") or wording.title,
        "initial_update": {**said, "body": said.get("body") or wording.body},
        "components": components,
    }
    filled.setdefault("severity", wording.severity)
    if wording.status and kind_of(filled) == Kind.INCIDENT:
        filled.setdefault("status", wording.status)
    return filled


def _known(body: dict[str, Any], components: list[Component]) -> Circumstances:
    given = _ids([i["component_id"] for i in body.get("component_impacts", [])])
    chosen = given or [component.pk for component in components]
    pages = list(Page.objects.filter(pk__in=_ids(body.get("status_page_ids", []))))
    return Circumstances(
        title=body.get("title", ""),
        severity=body.get("severity"),
        status=body.get("status") if kind_of(body) == Kind.INCIDENT else None,
        components=names_of(chosen, _ids(body.get("monitor_ids", []))),
        pages=[page.name for page in pages],
        started_at=body.get("started_at") or timezone.now(),
        next_update_by=body.get("next_update_by"),
        zone=zone_on([page.pk for page in pages]),
    )


def _ids(given: list[str]) -> list[str]:
    """Keep the well-formed ids; the others are refused when they are looked up."""
    return [i.upper() for i in given if ULID.fullmatch(i)]


def prefilled_update(body: dict[str, Any], incident: Incident) -> dict[str, Any]:
    """Fill what the body of an update leaves out from its template."""
    if "template_id" not in body:
        return body
    template = _template(body["template_id"], TemplateKind.UPDATE)
    known = circumstances_of(incident, next_update_by=body.get("next_update_by"))
    wording = worded(template, known, now=timezone.now())
    filled = {**body, "body": body.get("body") or wording.body}
    for name, value in (("status", wording.status), ("severity", wording.severity)):
        if value:
            filled.setdefault(name, value)
    return filled


def _template(template_id: str, kind: TemplateKind) -> Template:
    (template,) = records_named(Template.objects.all(), [template_id], field="template_id")
    if template.kind != kind:
        raise Unprocessable(
            f"“{template.name}” is a template for {template.get_kind_display()}; choose one for "
            f"{kind.label}.",
            "template_id",
        )
    return template
