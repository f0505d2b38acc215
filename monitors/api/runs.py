"""/monitors/{id}/run and, as the documents have it, /agents/{id}/run."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from atender.api.models import Scope
from atender.api.resources import Resource
from monitors.api.check_shapes import RunDocument
from monitors.api.documents import held_document, region_documents
from monitors.models import Monitor, MonitorKind
from monitors.probing.running import Run, run_now

ABOUT = "Other regions are asked too and waited for, up to eight seconds."


class MonitorRun(Resource):
    scope = Scope.MONITORS
    record: Monitor

    def find(self, **ids: str) -> Monitor:
        return get_object_or_404(Monitor.objects.all(), pk=ids["monitor_id"])

    @extend_schema(
        operation_id="run_monitor",
        summary="Check a monitor now",
        description=ABOUT,
        request=None,
        responses={200: RunDocument},
    )
    def post(self, request: Request, monitor_id: str) -> Response:
        return Response(run_document(run_now(self.record)))


class AgentRun(MonitorRun):
    def find(self, **ids: str) -> Monitor:
        agents = Monitor.objects.filter(kind=MonitorKind.AGENT)
        return get_object_or_404(agents, pk=ids["agent_id"])

    @extend_schema(
        operation_id="run_agent",
        summary="Check an AI agent now",
        description=ABOUT,
        request=None,
        responses={200: RunDocument},
    )
    def post(self, request: Request, agent_id: str) -> Response:
        return Response(run_document(run_now(self.record)))


def run_document(run: Run) -> dict[str, Any]:
    monitor = run.monitor
    return {
        "monitor_id": monitor.id,
        "name": monitor.name,
        "verdict": monitor.verdict,
        "since": monitor.verdict_since,
        **held_document(monitor),
        "error_code": monitor.error_code or None,
        "latency_ms": monitor.latency_ms,
        "baseline_ms": run.baseline_ms,
        "likely_cause": monitor.cause or None,
        "regions": region_documents(monitor, run.states),
        "waiting": list(run.waiting),
        "checked_at": monitor.checked_at,
    }
