"""Where monitors stand in the console: the side bar."""

from atender.console import navigation
from atender.console.navigation import Entry

ENTRIES = (
    Entry("Monitors", "Monitors", "admin:monitors_monitor_changelist", "monitoring", order=40),
    Entry("Monitors", "Services", "admin:monitors_service_changelist", "hub", order=41),
)
for entry in ENTRIES:
    navigation.register(entry)
