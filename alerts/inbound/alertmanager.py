"""The webhook of Prometheus Alertmanager, version 4, and of Grafana, which adds to it.

https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
"""

from collections.abc import Mapping
from typing import Any

from alerts.inbound.reports import (
    Report,
    Unreadable,
    key_of,
    plain_details,
    printable,
    severity_of,
    summary_of,
    web_address,
)

# Grafana's own links come first: they lead to where somebody can look.
LINKS = ("dashboardURL", "panelURL", "generatorURL")


def read(body: Any) -> list[Report]:
    """Return what each alert of the body says. Raises Unreadable."""
    alerts = body.get("alerts") if isinstance(body, Mapping) else None
    if not isinstance(alerts, list) or not all(isinstance(alert, Mapping) for alert in alerts):
        raise Unreadable(
            "The body has no list 'alerts'; this address takes the webhook of Alertmanager "
            "or Grafana as it is.",
            field="alerts",
        )
    return [_report(alert, place) for place, alert in enumerate(alerts)]


def _report(alert: Mapping[str, Any], place: int) -> Report:
    status = alert.get("status")
    if status not in ("firing", "resolved"):
        raise Unreadable(
            f"The status of alerts[{place}] is '{str(status)[:40]}'; it is firing or resolved.",
            field="alerts",
        )
    labels, notes = _texts(alert.get("labels")), _texts(alert.get("annotations"))
    name = " on ".join(labels[n] for n in ("alertname", "instance") if labels.get(n))
    return Report(
        summary=summary_of(notes.get("summary"), notes.get("title"), name),
        dedup_key=key_of(alert.get("fingerprint"), labels),
        is_firing=status == "firing",
        severity=severity_of(labels.get("severity")),
        occurrence=printable(alert.get("startsAt") or "")[:64],
        url=next((url for n in LINKS if (url := web_address(alert.get(n)))), ""),
        details=plain_details({**labels, **notes}),
    )


def _texts(found: Any) -> dict[str, str]:
    return plain_details(found) if isinstance(found, Mapping) else {}
