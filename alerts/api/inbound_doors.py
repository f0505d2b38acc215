"""Where other systems post: the token is the authority, and an unknown one is nothing."""

from typing import Any

from django.http import Http404, QueryDict
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response

from alerts.api import inbound_bodies as shown
from alerts.inbound.pagerduty import take_in_event
from alerts.inbound.receiving import reports_in, take_in
from alerts.inbound.sources import find_source, note_use
from alerts.models import InboundSource
from atender.api.parsing import JSONParser
from atender.api.resources import Resource


class Inbound(Resource):
    authentication_classes = ()
    permission_classes = ()
    parser_classes = [JSONParser, FormParser]
    form = ""
    record: InboundSource

    def check_permissions(self, request: Request) -> None:
        found = find_source(self.kwargs["token"])
        if found is None:
            raise Http404
        self.record = found

    def _taken_in(self, request: Request) -> Response:
        body: Any = request.data
        plain = body.dict() if isinstance(body, QueryDict) else body
        reports = reports_in(plain, self.record, self.form)
        taken = take_in(self.record, reports, form=self.form)
        note_use(self.record)
        return Response(
            {
                "received": taken.received,
                "triggered": taken.triggered,
                "resolved": taken.resolved,
            }
        )


class InboundAlertmanager(Inbound):
    form = "alertmanager"

    @extend_schema(
        operation_id="take_in_alertmanager",
        summary="Take in the webhook of Prometheus Alertmanager",
        request={"application/json": shown.ALERTS_BODY},
        responses=shown.TakenIn,
        examples=[shown.ALERTMANAGER],
    )
    def post(self, request: Request, token: str) -> Response:
        """No key: the token in the address is the authority.

        The same body again, for however many hours, changes nothing.
        """
        return self._taken_in(request)


class InboundGrafana(Inbound):
    form = "grafana"

    @extend_schema(
        operation_id="take_in_grafana",
        summary="Take in the webhook of Grafana Alerting",
        request={"application/json": shown.ALERTS_BODY},
        responses=shown.TakenIn,
        examples=[shown.GRAFANA],
    )
    def post(self, request: Request, token: str) -> Response:
        """No key: the token in the address is the authority."""
        return self._taken_in(request)


class InboundGeneric(Inbound):
    form = "generic"

    @extend_schema(
        operation_id="take_in_generic",
        summary="Take in an alert as any other program words it",
        request={
            "application/json": shown.ANY_OBJECT,
            "application/x-www-form-urlencoded": shown.ANY_OBJECT,
        },
        responses=shown.TakenIn,
        examples=[shown.GENERIC, shown.GENERIC_OVER],
    )
    def post(self, request: Request, token: str) -> Response:
        """No key: the token in the address is the authority.

        The source's `mapping` says where the words stand; without one they are looked for under
        their usual names.
        """
        return self._taken_in(request)


class InboundPagerDuty(Inbound):
    """Where PagerDuty says that somebody has it, or that it is over."""

    @extend_schema(
        operation_id="take_in_pagerduty",
        summary="Acknowledge and resolve what was acknowledged and resolved in PagerDuty",
        request={"application/json": shown.PAGERDUTY_BODY},
        responses=shown.Changed,
        examples=[shown.PAGERDUTY],
    )
    def post(self, request: Request, token: str) -> Response:
        """No key: the token in the address is the authority.

        PagerDuty's Generic Webhook, version 3. Events of other kinds, and of incidents that are
        none of ours, change nothing.
        """
        changed = take_in_event(request.data, source_id=self.record.pk)
        note_use(self.record)
        return Response({"changed": changed})
