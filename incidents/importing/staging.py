"""Reading a source part by part: what it holds is kept as items, to be brought in one by one."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from atender.api.parsing import DEEPEST, is_shallow
from atender.locking import locked
from incidents.importing.documents import Document, Documents, NotReadable
from incidents.importing.incident_shapes import kind_of
from incidents.importing.plain_text import plain_line
from incidents.importing.shapes import Record, entries, in_order, read_id
from incidents.models import ImportedKind, ImportItem, ImportRun, ImportSource, ImportState, Outcome

SUMMARY, INCIDENTS, MAINTENANCES = "summary", "incidents", "scheduled-maintenances"
KEYS = {INCIDENTS: "incidents", MAINTENANCES: "scheduled_maintenances"}
FOLLOWING = {SUMMARY: INCIDENTS, INCIDENTS: MAINTENANCES}
RANKS = {kind: rank for rank, kind in enumerate(ImportedKind)}
# The convention's first part of a list; a source that has exactly so many may have more.
USUAL_PART = 50
MOST_PARTS = 2_000
LONGEST_RECORD = 2_000_000


class AnotherRun(NotReadable):
    """The same page is being brought in by another run."""


def read_next(run: ImportRun, documents: Documents) -> None:
    """Read the next part of the source into items and move on; raises what reading raises."""
    document = documents.read(run.next_document, run.next_part)
    with transaction.atomic():
        current = locked(ImportRun.objects.all(), run)
        is_same = (current.next_document, current.next_part) == (
            run.next_document,
            run.next_part,
        )
        if current.state == ImportState.READING and is_same:
            _keep(current, document)
            current.save()
    run.refresh_from_db()


def _keep(run: ImportRun, document: Document | None) -> None:
    run.waits = 0
    if run.next_document == SUMMARY:
        _keep_summary(run, document)
        has_more = False
    else:
        has_more = _keep_list(run, document)
    if has_more and run.next_part < MOST_PARTS:
        run.next_part += 1
    else:
        run.next_document, run.next_part = FOLLOWING.get(run.next_document, ""), 1
    if not run.next_document:
        run.state = ImportState.WRITING


def _keep_summary(run: ImportRun, document: Document | None) -> None:
    if document is None:
        raise NotReadable(_no_page(run, "it has no summary.json"))
    page = document.get("page")
    if not isinstance(page, dict) or not read_id(page):
        raise NotReadable(_no_page(run, "its summary.json names no page"))
    _take_source(run, read_id(page), page.get("name"))
    groups, components = in_order(entries(document.get("components")))
    _stage(run, ImportedKind.GROUP, groups)
    _stage(run, ImportedKind.COMPONENT, components)
    for key in KEYS.values():
        _stage_incidents(run, entries(document.get(key)))


def _no_page(run: ImportRun, why: str) -> str:
    return f"{run.address} is not a status page that speaks the public JSON API v2: {why}."


def _take_source(run: ImportRun, external_id: str, name: Any) -> None:
    """Note whose page it is; raises AnotherRun where another run is at it under another address."""
    source, _ = ImportSource.objects.get_or_create(
        external_id=external_id,
        defaults={
            "page": run.page,
            "name": plain_line(name)[:255] if isinstance(name, str) else "",
        },
    )
    if source.page_id != run.page_id:
        raise NotReadable(
            f"This page was brought into “{source.page}” before; choose that page, "
            "or its history would stand here twice."
        )
    run.source = source
    try:
        with transaction.atomic():
            run.save(update_fields=["source"])
    except IntegrityError as error:
        raise AnotherRun(
            "Another import of the same page is at work; wait until it is over."
        ) from error


def _keep_list(run: ImportRun, document: Document | None) -> bool:
    """Stage one part of a list; whether there may be another."""
    key = KEYS[run.next_document]
    if document is None:
        if run.next_part == 1 and not run.is_of_folder:
            _remark(run, f"The source has no {run.next_document}.json.")
        return False
    records = entries(document.get(key))
    is_new = _stage_incidents(run, records) > 0
    if run.next_part == 2 and records and not is_new and len(records) >= USUAL_PART:
        _remark(
            run,
            f"The source gives out its {len(records)} newest {key.replace('_', ' ')} only; "
            "older ones could not be read.",
        )
    return bool(records) and (is_new or run.next_part == 1)


def _stage_incidents(run: ImportRun, records: Sequence[Record]) -> int:
    kinds = {"incident": ImportedKind.INCIDENT, "maintenance": ImportedKind.MAINTENANCE}
    return sum(
        _stage(run, kinds[kind], [r for r in records if kind_of(r) == kind]) for kind in kinds
    )


def _stage(run: ImportRun, kind: ImportedKind, records: Iterable[Record]) -> int:
    """Keep records as items, each once; returns how many were new."""
    items = [_item(run, kind, record) for record in records]
    before = ImportItem.objects.filter(run=run, kind=kind).count()
    ImportItem.objects.bulk_create(items, ignore_conflicts=True, batch_size=200)
    return ImportItem.objects.filter(run=run, kind=kind).count() - before


def _item(run: ImportRun, kind: ImportedKind, record: Record) -> ImportItem:
    external_id = read_id(record)
    item = ImportItem(run=run, kind=kind, rank=RANKS[kind], external_id=external_id)
    if not external_id:
        item.external_id = f"({_called(record.get('name'))[:60] or 'unnamed'})"
        _skip(item, f"The {kind.label} has no id, so a second run would double it.")
    # What can be read may still be too deep to be written: Python would give up in the midst.
    elif not is_shallow(record):
        _skip(item, f"The {kind.label} is nested deeper than {DEEPEST} levels.")
    elif len(text := json.dumps(record)) > LONGEST_RECORD:
        _skip(item, f"The {kind.label} is longer than {LONGEST_RECORD / 1_000_000:g} MB.")
    else:
        item.text = text
    return item


def _called(name: Any) -> str:
    return plain_line(name)[:255] if isinstance(name, str) else ""


def _skip(item: ImportItem, sentence: str) -> None:
    item.outcome, item.remarks = Outcome.SKIPPED, sentence


def _remark(run: ImportRun, sentence: str) -> None:
    run.remarks = "\n".join([*filter(None, [run.remarks]), sentence])
