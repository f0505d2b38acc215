"""/checks: what was found, and what probers far from the database ask and report."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from atender.api.filters import choice, moment, record_id, words
from atender.api.models import Scope
from atender.api.pagination import NewestFirst
from atender.api.resources import Listing, Resource
from atender.tenants.context import current_schema
from monitors.api import examples as shown
from monitors.api.check_shapes import CheckDocument, Claim, ClaimedChecks, Report, Reported
from monitors.api.cursors import closed, opened
from monitors.checks.recording import Recorded, record
from monitors.kinds.jobs import Job
from monitors.models import Check, Monitor, Verdict
from monitors.outcomes import Outcome
from monitors.probing.claiming import Claimed, claim, move_on


class CheckList(Listing):
    scope = Scope.MONITORS
    scopes = {"POST": Scope.PROBES}
    examples = {"POST": {"One failure": shown.REPORT}}
    filters = {
        "GET": [
            record_id("monitor_id", "Those of this monitor."),
            words("region", "Those made in this region.", longest=40),
            choice("verdict", "Those that found this.", Verdict.values),
            moment("since", "Those made at or after this time."),
        ]
    }

    @extend_schema(
        operation_id="list_checks",
        summary="List checks, newest first; they are kept for some days",
        responses=CheckDocument(many=True),
    )
    def get(self, request: Request) -> Response:
        checks = Check.objects.order_by("-id")
        if monitor_id := self.asked["monitor_id"]:
            checks = checks.filter(monitor=monitor_id)
        for name in ("region", "verdict"):
            if self.asked[name]:
                checks = checks.filter(**{name: self.asked[name]})
        if self.asked["since"]:
            checks = checks.filter(checked_at__gte=self.asked["since"])
        if self.asked["cursor"]:
            checks = checks.filter(id__lt=opened(self.asked["cursor"]))
        limit = self.asked["limit"]
        page = list(checks[: limit + 1])
        answer = NewestFirst()
        answer.next_cursor = closed(page[limit - 1].id) if len(page) > limit else None
        return answer.get_paginated_response([_document(check) for check in page[:limit]])

    @extend_schema(
        operation_id="report_checks",
        summary="Report checks that were made in a region",
        description="For probers without a database. What is not known here is left out.",
        request=Report,
        responses={200: Reported},
    )
    def post(self, request: Request) -> Response:
        shape = Report(data=request.data)
        shape.is_valid(raise_exception=True)
        region, results = shape.validated_data["region"], shape.validated_data["results"]
        kept = record(_found(region, results))
        move_on([Claimed(current_schema(), r["monitor_id"], r["region"]) for r in results])
        return Response({"recorded": kept})


class CheckClaim(Resource):
    scope = Scope.PROBES
    examples = {"POST": {"Fifty at most": shown.CLAIM}}

    @extend_schema(
        operation_id="claim_checks",
        summary="Take what is due in a region",
        description="Each check is given to one prober, with all that it needs, secrets included.",
        request=Claim,
        responses={200: ClaimedChecks},
    )
    def post(self, request: Request) -> Response:
        shape = Claim(data=request.data)
        shape.is_valid(raise_exception=True)
        region, limit = shape.validated_data["region"], shape.validated_data["limit"]
        jobs = claim([region], limit=limit, schema=current_schema())
        return Response({"data": [_handed_out(job) for job in jobs]})


def _document(check: Check) -> dict[str, Any]:
    return {
        "monitor_id": check.monitor_id,
        "region": check.region,
        "verdict": check.verdict,
        "error_code": check.error_code or None,
        "latency_ms": check.latency_ms,
        "checked_at": check.checked_at,
    }


def _handed_out(job: Job) -> dict[str, Any]:
    return {
        "monitor_id": job.monitor_id,
        "kind": job.kind,
        "url": job.url,
        "timeout_s": job.timeout_s,
        "retries": job.retries,
        "interval_s": job.interval_s,
        "region": job.region,
        "config": job.config,
    }


def _found(region: str, results: Sequence[dict[str, Any]]) -> list[Recorded]:
    """What counts of a report: checks of monitors that this region checks."""
    now = timezone.now()
    ids = {result["monitor_id"] for result in results}
    regions = dict(Monitor.objects.filter(pk__in=ids).values_list("id", "regions"))
    found = []
    for result in results:
        named = regions.get(result["monitor_id"])
        result["region"] = region if named else ""
        if named is not None and (not named or region in named):
            at = now - timedelta(milliseconds=result["age_ms"])
            outcome = Outcome(
                Verdict(result["verdict"]),
                at,
                result["region"],
                result["error_code"],
                result["latency_ms"],
                region,
            )
            found.append(Recorded(result["monitor_id"], outcome))
    return found
