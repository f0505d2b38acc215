"""The receipt of an incident in the console: the sheet, its link, what the estimate rests on."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST, require_safe

from assist.models import AssistSettings, Receipt
from assist.receipts.drawing import (
    MOST_MINUTES,
    MOST_PERCENT,
    WRONG_MINUTES,
    WRONG_SHARE,
    change_estimate,
    draw_up,
    final_at,
    work_out,
)
from assist.receipts.figures import Figures
from assist.receipts.sharing import link_of, share, stop_sharing
from assist.receipts.words import formula_of, lines_of
from atender.console import navigation, panels
from atender.console.doors import require
from atender.console.screens import screen
from atender.refusals import Refused
from atender.roles import Ability, may
from atender.staff.session import actor_of
from incidents.console.doors import incident_or_404
from incidents.models import Incident, Kind


def _told(sentence: str) -> dict[str, str]:
    """One sentence for whatever else is written into the field."""
    return dict.fromkeys(("required", "invalid", "min_value", "max_value"), sentence)


class EstimateForm(forms.Form):
    share_percent = forms.IntegerField(
        label="Of 100 readers beyond the usual number, how many would have written?",
        min_value=0,
        max_value=MOST_PERCENT,
        error_messages=_told(WRONG_SHARE),
        widget=forms.NumberInput(attrs={"class": "input"}),
    )
    minutes = forms.IntegerField(
        label="Minutes that one such ticket takes",
        min_value=1,
        max_value=MOST_MINUTES,
        error_messages=_told(WRONG_MINUTES),
        widget=forms.NumberInput(attrs={"class": "input"}),
    )


@require_safe
def receipt(request: HttpRequest, pk: str) -> HttpResponse:
    """The sheet as it was drawn up; before that, as far as is known now."""
    require(request, Ability.READ)
    return _sheet(request, incident_or_404(pk))


@require_POST
def operate(request: HttpRequest, pk: str) -> HttpResponse:
    """Draw it up anew, switch the link on or off, or change what the estimate rests on."""
    incident = incident_or_404(pk)
    deed = request.POST.get("deed", "")
    require(request, Ability.ADMINISTER if deed == "estimate" else Ability.PUBLISH)
    try:
        if deed == "estimate":
            form = EstimateForm(request.POST)
            if not form.is_valid():
                return _sheet(request, incident, form=form)
            change_estimate(**form.cleaned_data, by=actor_of(request))
            messages.success(request, "Kept. Receipts that are drawn up from now on use it.")
        elif deed == "draw":
            draw_up(incident)
            messages.success(request, "Drawn up anew.")
        elif deed == "share":
            share(incident, by=actor_of(request))
            messages.success(request, "Whoever has the link can read it now.")
        elif deed == "stop":
            stop_sharing(incident, by=actor_of(request))
            messages.success(request, "The link opens nothing any more.")
        else:
            raise Refused("Choose what is to be done with the receipt.")
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("assist_receipt", incident.pk)


def _sheet(
    request: HttpRequest, incident: Incident, *, form: EstimateForm | None = None
) -> HttpResponse:
    navigation.stand_at(request, "assist_reports")
    kept = Receipt.objects.filter(incident=incident).first()
    drawn_at = kept.drawn_at if kept else None
    figures = None
    if kept and kept.figures:
        figures = Figures.read(kept.figures)
    elif incident.resolved_at and incident.kind == Kind.INCIDENT:
        figures = work_out(incident)
    choices = AssistSettings.objects.first() or AssistSettings()
    known = {"share_percent": choices.ticket_share_percent, "minutes": choices.ticket_minutes}
    context: dict[str, Any] = {
        "incident": incident,
        "drawn_at": drawn_at,
        "final_at": final_at(incident),
        "lines": lines_of(figures) if figures else [],
        "formula": formula_of(figures) if figures else "",
        "programs": figures.programs if figures else 0,
        "link": link_of(kept) if kept else "",
        "form": form or EstimateForm(initial=known),
        "may_share": may(request.user, Ability.PUBLISH),
        "may_estimate": may(request.user, Ability.ADMINISTER),
    }
    status = 422 if form is not None else 200
    return screen(request, "assist/console/receipt.html", title="Receipt", status=status, **context)


def render_link(request: HttpRequest, incident: Incident) -> str:
    """Render the link to it, below an incident that is over."""
    if incident.kind != Kind.INCIDENT or not incident.is_closed:
        return ""
    context = {"incident": incident}
    return render_to_string("assist/console/receipt_link.html", context, request=request)


panels.register("incident.side", render_link, order=31)
