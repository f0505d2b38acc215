from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from atender.console.theme import RecordAdmin, display
from incidents.console.deeds import named, words
from incidents.models import AuditEntry, Incident, IncidentUpdate, Page


@admin.register(AuditEntry)
class AuditEntryAdmin(RecordAdmin):
    """What was done, by whom. Append-only: nobody changes or deletes it, here or elsewhere."""

    list_title = "What was done"
    counted = ("entry", "entries")
    list_display = ["at", "done_by", "deed", "subject"]
    list_display_links = None
    list_filter = ["by_kind"]
    search_fields = ["by_name", "action", "details"]
    date_hierarchy = None

    @display(description="Who", ordering="by_name")
    def done_by(self, entry: AuditEntry) -> str:
        return named(entry)

    @display(description="Did what", ordering="action")
    def deed(self, entry: AuditEntry) -> str:
        return words(entry.action, entry.details)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        entries: QuerySet[AuditEntry] = super().get_queryset(request)
        return entries.annotate(
            told_of=Coalesce(
                Subquery(Incident.objects.filter(pk=OuterRef("subject_id")).values("title")),
                Subquery(
                    IncidentUpdate.objects.filter(pk=OuterRef("subject_id")).values(
                        "incident__title"
                    )
                ),
                Subquery(Page.objects.filter(pk=OuterRef("subject_id")).values("name")),
            )
        )

    @display(description="To what")
    def subject(self, entry: AuditEntry) -> str | None:
        title: str | None = entry.told_of  # type: ignore[attr-defined]
        named_so = (entry.details.get(each) for each in ("name", "title", "slug"))
        return title or next((str(each) for each in named_so if each), None)

    def has_change_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False
