"""The likely cause of an incident, for the post-mortem of it."""

from alerts.models import AlertSource
from incidents.afterwards import guesses
from incidents.models import Incident


def found_by_monitors(incident: Incident) -> str:
    """Return what the monitors of an incident found first, "" where none did.

    What other systems and people wrote into their alerts is not asked: a draft may be published.
    """
    alerts = incident.alerts.filter(source=AlertSource.MONITOR).order_by("triggered_at", "id")
    causes = (str(alert.details.get("cause") or "") for alert in alerts)
    return next((cause for cause in causes if cause), "")


guesses.register(found_by_monitors)
