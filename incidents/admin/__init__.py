"""The console's lists and records of what incidents are about."""

from incidents.admin.audit import AuditEntryAdmin
from incidents.admin.changes import SystemChangeAdmin
from incidents.admin.components import ComponentAdmin, ComponentGroupAdmin
from incidents.admin.follow_ups import FollowUpAdmin
from incidents.admin.imports import ImportRunAdmin
from incidents.admin.incidents import IncidentAdmin
from incidents.admin.maintenance import MaintenanceAdmin, MaintenanceSeriesAdmin
from incidents.admin.pages import PageAdmin
from incidents.admin.templates import TemplateAdmin

__all__ = [
    "AuditEntryAdmin",
    "ComponentAdmin",
    "ComponentGroupAdmin",
    "FollowUpAdmin",
    "ImportRunAdmin",
    "IncidentAdmin",
    "MaintenanceAdmin",
    "MaintenanceSeriesAdmin",
    "PageAdmin",
    "SystemChangeAdmin",
    "TemplateAdmin",
]
