"""How each kind of monitor is checked."""

from monitors.kinds.checking import check
from monitors.kinds.jobs import Finding, Job

__all__ = ["Finding", "Job", "check"]
