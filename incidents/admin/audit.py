from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from atender.console.theme import RecordAdmin, display
from incidents.console.deeds import named, subject_called, words
from incidents.models import AuditEntry


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
        return entries.annotate(called=subject_called())

    @display(description="To what")
    def subject(self, entry: AuditEntry) -> str | None:
        called: str | None = entry.called  # type: ignore[attr-defined]
        named_so = (entry.details.get(each) for each in ("name", "title", "slug", "provider"))
        return called or next((str(each) for each in named_so if each), None)

    def has_change_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False
