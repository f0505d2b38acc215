"""The screen on which a runbook is read and written, whatever it belongs to."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from atender.console.theme import RecordAdmin
from atender.markdown import render_markdown
from atender.refusals import Refused
from atender.staff.session import actor_of
from monitors.models import Runbook
from monitors.runbooks import LONGEST, TEMPLATE, write_runbook


class RunbookForm(forms.Form):
    text = forms.CharField(required=False, strip=False, widget=forms.Textarea)
    # The version that the author had before him; 0 where there was none.
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    # The path to return to.
    back = forms.CharField(widget=forms.HiddenInput, required=False)


class RunbookAdmin(RecordAdmin):
    """A record that may have a runbook: shown below its form, written on a screen of its own."""

    change_form_outer_after_template = "monitors/console/runbook_below.html"

    def get_urls(self) -> list[URLPattern]:
        view = require_http_methods(["GET", "HEAD", "POST"])(self.runbook_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_runbook"
        own = path("<ulid:pk>/runbook/", self.admin_site.admin_view(view), name=name)
        return [own, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        record = context.get("original")
        if record is not None:
            runbook = Runbook.objects.filter(subject_id=record.pk).first()
            context["runbook"] = runbook
            context["runbook_html"] = render_markdown(runbook.text) if runbook else ""
            context["runbook_url"] = runbook_url(record)
            context["may_write_runbook"] = self.has_change_permission(request, record)
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response

    def runbook_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        record = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_view_permission(request, record):
            raise PermissionDenied("Your role does not read this.")
        if request.method == "POST":
            if not self.has_change_permission(request, record):
                raise PermissionDenied("Your role does not write runbooks.")
            return self._written(request, record)
        runbook = Runbook.objects.filter(subject_id=pk).first()
        initial = {
            "text": runbook.text if runbook else TEMPLATE,
            "seen": runbook.version if runbook else 0,
            "back": request.GET.get("back", ""),
        }
        return self._screen(request, record, RunbookForm(initial=initial), runbook)

    def _written(self, request: HttpRequest, record: Any) -> HttpResponse:
        form = RunbookForm(request.POST)
        text = request.POST.get("text", "")
        if "HX-Request" in request.headers:
            html = render_markdown(text[:LONGEST])
            return render(request, "monitors/console/runbook_preview.html", {"html": html})
        if "preview" not in request.POST and form.is_valid():
            given = form.cleaned_data
            try:
                write_runbook(
                    record.pk,
                    text,
                    by=actor_of(request),
                    name=str(record),
                    seen=given["seen"],
                )
            except Refused as refusal:
                form.add_error("text", refusal.sentence)
            else:
                return redirect(_path(given["back"]) or change_url(record))
        runbook = Runbook.objects.filter(subject_id=record.pk).first()
        return self._screen(request, record, form, runbook)

    def _screen(
        self, request: HttpRequest, record: Any, form: RunbookForm, runbook: Runbook | None
    ) -> HttpResponse:
        text = form["text"].value() or ""
        context = {
            **self.admin_site.each_context(request),
            "title": f"Runbook of {record}",
            "record": record,
            "form": form,
            "runbook": runbook,
            "html": render_markdown(text[:LONGEST]),
            "may_write": self.has_change_permission(request, record),
            "back": _path(form["back"].value() or "") or change_url(record),
        }
        status = 422 if form.errors and request.method == "POST" else 200
        return TemplateResponse(request, "monitors/console/runbook.html", context, status=status)


def runbook_url(record: Any) -> str:
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_runbook", args=[record.pk])


def change_url(record: Any) -> str:
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.pk])


def _path(text: str) -> str:
    """A path of this console, or nothing."""
    is_ours = text.startswith("/") and url_has_allowed_host_and_scheme(text, allowed_hosts=None)
    return text if is_ours else ""
