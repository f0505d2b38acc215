"""What is watched, and what was found. Floor 1: it knows nothing of incidents."""

from monitors.models.catalogue import NAME_LENGTH, Monitor, MonitorKind, Service, Verdict
from monitors.models.checks import Check, CheckHour, RegionState
from monitors.models.runbooks import Runbook

__all__ = [
    "NAME_LENGTH",
    "Check",
    "CheckHour",
    "Monitor",
    "MonitorKind",
    "RegionState",
    "Runbook",
    "Service",
    "Verdict",
]
