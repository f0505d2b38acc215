"""What became of a record, and what is remembered of it."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from incidents.importing.shapes import Unreadable
from incidents.models import ImportedKind, ImportedRecord, ImportItem, ImportRun, Outcome


@dataclass(slots=True)
class Brought:
    outcome: Outcome
    subject_id: str | None = None
    remarks: list[str] = field(default_factory=list)


class LeftAlone(Unreadable):
    """Staff changed or deleted it here since, so the import leaves it as it is."""


def fingerprint(read: object) -> str:
    """Return a digest of what was read, equal as long as the source has not changed."""
    return hashlib.sha256(repr(read).encode("utf-8", "backslashreplace")).hexdigest()


def known_record(run: ImportRun, item: ImportItem) -> ImportedRecord | None:
    """What the record became in an earlier run, locked."""
    rows = ImportedRecord.objects.select_for_update()
    return rows.filter(
        source_id=run.source_id, kind=item.kind, external_id=item.external_id
    ).first()


def remember(run: ImportRun, item: ImportItem, subject_id: str, seen: str, **written: Any) -> None:
    """Note what a new record became here, what was read and what was written."""
    assert run.source_id is not None, "what is brought in has a source"
    ImportedRecord.objects.create(
        source_id=run.source_id,
        kind=item.kind,
        external_id=item.external_id,
        subject_id=subject_id,
        fingerprint=seen,
        written=written,
    )


def remember_anew(known: ImportedRecord, seen: str, **written: Any) -> None:
    known.fingerprint, known.written = seen, written
    known.save(update_fields=["fingerprint", "written"])


def ids_here(run: ImportRun, kind: ImportedKind, external_ids: list[str]) -> dict[str, str]:
    """Ids of the source to ours. One query."""
    rows = ImportedRecord.objects.filter(
        source_id=run.source_id, kind=kind, external_id__in=external_ids
    )
    return dict(rows.values_list("external_id", "subject_id"))
