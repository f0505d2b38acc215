"""The record: what is broken, what is said about it, and where."""

from incidents.models.audit import AuditEntry
from incidents.models.changes import SystemChange
from incidents.models.components import (
    Component,
    ComponentGroup,
    ComponentReport,
    ComponentState,
    MonitorLink,
    StateInterval,
)
from incidents.models.drafts import Draft
from incidents.models.imports import (
    ImportedKind,
    ImportedRecord,
    ImportItem,
    ImportRun,
    ImportSource,
    ImportState,
    Outcome,
)
from incidents.models.incidents import ComponentImpact, Incident, IncidentMonitor
from incidents.models.nudges import Nudge
from incidents.models.pages import Page, PageComponent, PageSection, Publication
from incidents.models.post_mortems import FollowUp, PostMortem, PostMortemRevision, PostMortemStatus
from incidents.models.series import Maintenance, MaintenanceSeries, SeriesImpact
from incidents.models.templates import Template, TemplateKind
from incidents.models.timeline import IncidentUpdate, IncidentUpdateRevision
from incidents.models.vocabulary import Kind, ResponderStatus, Severity, Status

__all__ = [
    "AuditEntry",
    "Component",
    "ComponentGroup",
    "ComponentImpact",
    "ComponentReport",
    "ComponentState",
    "Draft",
    "FollowUp",
    "ImportItem",
    "ImportRun",
    "ImportSource",
    "ImportState",
    "ImportedKind",
    "ImportedRecord",
    "Incident",
    "IncidentMonitor",
    "IncidentUpdate",
    "IncidentUpdateRevision",
    "Kind",
    "Maintenance",
    "MaintenanceSeries",
    "MonitorLink",
    "Nudge",
    "Outcome",
    "Page",
    "PageComponent",
    "PageSection",
    "PostMortem",
    "PostMortemRevision",
    "PostMortemStatus",
    "Publication",
    "ResponderStatus",
    "SeriesImpact",
    "Severity",
    "StateInterval",
    "Status",
    "SystemChange",
    "Template",
    "TemplateKind",
]
