"""A monitor's own screen: its verdict, from where, since when, and what to do about it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from atender.console.theme import RecordAdmin
from atender.refusals import Refused
from monitors.api.documents import monitor_document, region_documents
from monitors.console.charting import LONG_DAYS
from monitors.console.curling import as_curl
from monitors.console.history import latency_chart, long_chart
from monitors.console.runbooks import change_url
from monitors.models import Monitor, Verdict
from monitors.probing.claiming import job_of
from monitors.probing.running import Run, baseline_ms, how_to_staff, run_now, unstaffed
from monitors.rounds.planning import is_probed
from monitors.words import held_words, in_words, ms

LEVELS = {Verdict.UP: messages.SUCCESS, Verdict.DOWN: messages.ERROR}


class WatchedRecord(RecordAdmin):
    """Adds to a monitor's form what was found, and the button that checks it now."""

    change_form_outer_before_template = "monitors/console/monitor_head.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.run_view))
        return [path("<ulid:pk>/run/", view, name="monitors_monitor_run"), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        monitor = context.get("original")
        # What is wrong with the form comes first on the screen.
        if isinstance(monitor, Monitor) and not context["errors"]:
            may_run = self.has_change_permission(request, monitor)
            shown = watched(monitor, days=request.GET.get("days", ""))
            context["watched"] = {**shown, "may_run": may_run}
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response

    def run_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        monitor = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, monitor):
            raise PermissionDenied("Your role does not run monitors.")
        try:
            run = run_now(monitor)
        except Refused as refusal:
            messages.error(request, refusal.sentence)
        else:
            level = LEVELS.get(Verdict(run.monitor.verdict), messages.WARNING)
            messages.add_message(request, level, sentence(run))
        return redirect(change_url(monitor))


def watched(monitor: Monitor, *, days: str = "") -> dict[str, Any]:
    """All that the screen shows of a monitor besides its form; `days` asks for a longer past."""
    now = timezone.now()
    is_long = days in map(str, LONG_DAYS)
    if is_long:
        chart, buckets, span = long_chart(monitor, days=int(days), now=now)
    else:
        chart, buckets, span = latency_chart(monitor, now=now)
    return {
        "monitor": monitor,
        "regions": region_documents(monitor, list(monitor.region_states.all())),
        "baseline_ms": baseline_ms(monitor, now),
        "chart": chart,
        "buckets": list(reversed(buckets))[: len(buckets) if is_long else 24],
        "is_long": is_long,
        "pasts": [("", "Lately"), *((str(n), f"{n} days") for n in LONG_DAYS)],
        "days": days if is_long else "",
        "unstaffed": how_to_staff(unstaffed(monitor, now)),
        "starts_at": now - span,
        "ends_at": now,
        "curl": as_curl(job_of(monitor)),
        "heartbeat_url": monitor_document(monitor)["heartbeat_url"],
        "is_probed": is_probed(monitor),
    }


def sentence(run: Run) -> str:
    """Describe a run's result: verdict, each region, latency against its baseline."""
    monitor = run.monitor
    said = [f"Checked now: {Verdict(monitor.verdict).label.lower()}"]
    if monitor.latency_ms is not None:
        usual = f", usually {ms(run.baseline_ms)}" if run.baseline_ms is not None else ""
        said.append(f" in {ms(monitor.latency_ms)}{usual}")
    if monitor.error_code:
        said.append(f"; {in_words(monitor.error_code)}")
    if len(run.states) > 1:
        each = (f"{s.region} {Verdict(s.verdict).label.lower()}" for s in run.states)
        said.append(f"; {', '.join(each)}")
    if run.waiting:
        said.append(f"; no answer yet from {', '.join(run.waiting)}")
    missing = how_to_staff(unstaffed(monitor, timezone.now()))
    more = (missing, held_words(monitor))
    return " ".join(["".join(said) + ".", *(words for words in more if words)])
