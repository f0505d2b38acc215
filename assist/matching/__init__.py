"""Match a customer's message to the active incidents: pure, in process, no network.

`docs/matching.md` explains the method and its measured figures.
"""

from assist.matching.index import Index, build_index
from assist.matching.matcher import match, near_misses
from assist.matching.records import ActiveIncident, Match, Matching

__all__ = ["ActiveIncident", "Index", "Match", "Matching", "build_index", "match", "near_misses"]
