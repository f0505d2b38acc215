"""Groups and components of a source: found here by name or created, later kept in step."""

from incidents.catalogue.arranging import change_group, show_component
from incidents.catalogue.components import add_component, add_group, change_component
from incidents.importing.outcomes import (
    Brought,
    LeftAlone,
    fingerprint,
    ids_here,
    known_record,
    remember,
    remember_anew,
)
from incidents.importing.shapes import (
    NAME_LENGTH,
    Record,
    Remarks,
    SourceComponent,
    read_component,
    read_name,
)
from incidents.models import (
    Component,
    ComponentGroup,
    ImportedKind,
    ImportedRecord,
    ImportItem,
    ImportRun,
    Outcome,
)


def bring_group(record: Record, *, item: ImportItem, run: ImportRun, remarks: Remarks) -> Brought:
    """Import one record; raises Unreadable, LeftAlone or Refused if it cannot be."""
    name = read_name(record, "group", remarks)
    known = known_record(run, item)
    if known:
        return _rename_group(known, name, run=run)
    group = ComponentGroup.objects.filter(name=name).first()
    outcome = Outcome.UNCHANGED if group else Outcome.MADE
    group = group or add_group(name, by=run.by)
    remember(run, item, group.id, fingerprint(name), name=name)
    return Brought(outcome, group.id)


def _rename_group(known: ImportedRecord, name: str, *, run: ImportRun) -> Brought:
    if known.fingerprint == fingerprint(name):
        return Brought(Outcome.UNCHANGED, known.subject_id)
    group = ComponentGroup.objects.filter(pk=known.subject_id).first()
    if group is None or group.name != known.written["name"]:
        raise LeftAlone(f"The group is called {name} there now; here it was changed since.")
    change_group(group, name=name, position=group.position, by=run.by)
    remember_anew(known, fingerprint(name), name=name)
    return Brought(Outcome.UPDATED, group.id)


def bring_component(
    record: Record, *, item: ImportItem, run: ImportRun, remarks: Remarks
) -> Brought:
    """Import one record; raises Unreadable, LeftAlone or Refused if it cannot be."""
    source = read_component(record, remarks)
    known = known_record(run, item)
    if known and known.fingerprint == fingerprint(source):
        return Brought(Outcome.UNCHANGED, known.subject_id)
    if known:
        return _change(known, source, run=run)
    group = _group_of(source, run)
    name = _free_name(source.name, group, run, remarks)
    found = Component.objects.filter(name=name, group=group).first()
    component = found or _make(name, source, group, run)
    if found:
        _adopt(found, source, run, remarks)
    wanted = _wanted(source)
    # Words that staff had here before were not written by an import, now or later.
    is_theirs = found is not None and component.description != ""
    words = source.description if is_theirs else component.description
    written = {"name": name, "description": words, "there": wanted}
    remember(run, item, component.id, fingerprint(source), **written)
    return Brought(Outcome.UPDATED if found else Outcome.MADE, component.id)


def _group_of(source: SourceComponent, run: ImportRun) -> ComponentGroup | None:
    if not source.group_id:
        return None
    ids = ids_here(run, ImportedKind.GROUP, [source.group_id])
    return ComponentGroup.objects.filter(pk__in=ids.values()).first()


def _wanted(source: SourceComponent) -> dict[str, str]:
    return {"name": source.name, "description": source.description}


def _free_name(name: str, group: ComponentGroup | None, run: ImportRun, remarks: Remarks) -> str:
    """Return a name not yet taken by another component of the source; two there stay two here."""
    taken = ImportedRecord.objects.filter(source_id=run.source_id, kind=ImportedKind.COMPONENT)
    names = set(
        Component.objects.filter(group=group, pk__in=taken.values("subject_id")).values_list(
            "name", flat=True
        )
    )
    free, number = name, 1
    while free in names:
        number += 1
        ending = f" ({number})"
        free = name[: NAME_LENGTH - len(ending)] + ending
    if free != name:
        remarks.say(f"Two components there are called “{name}”; this one is “{free}” here.")
    return free


def _make(
    name: str, source: SourceComponent, group: ComponentGroup | None, run: ImportRun
) -> Component:
    return add_component(
        name,
        by=run.by,
        description=source.description,
        group=group,
        pages=[run.page],
        started_at=source.started_at,
    )


def _adopt(component: Component, source: SourceComponent, run: ImportRun, remarks: Remarks) -> None:
    """Use a component that staff created for the source's of the same name."""
    remarks.say("There was a component of this name here already; they are one now.")
    pages = set(component.pages.all())
    if run.page not in pages:
        show_component(component, pages=pages | {run.page}, by=run.by)
    if source.started_at and source.started_at < component.started_at:
        # Otherwise the imported history would precede its first day.
        change_component(component, by=run.by, started_at=source.started_at)


def _change(known: ImportedRecord, source: SourceComponent, *, run: ImportRun) -> Brought:
    """Follow the source in what it changed of name and description, unless staff did so too."""
    component = Component.objects.filter(pk=known.subject_id).first()
    if component is None:
        raise LeftAlone("The component was deleted here; it stays deleted.")
    now = {"name": component.name, "description": component.description}
    # What stands here may never have been the source's: a name with a number, staff's own words.
    # Records of before that was kept have only what was written here.
    there, wanted = known.written.get("there", known.written), _wanted(source)
    changes = {key: value for key, value in wanted.items() if value != there[key]}
    if any(now[key] != known.written[key] for key in changes):
        raise LeftAlone("It was changed there and here; what staff made of it here stays.")
    if changes:
        change_component(component, by=run.by, **changes)
    written = {**known.written, **changes, "there": wanted}
    remember_anew(known, fingerprint(source), **written)
    return Brought(Outcome.UPDATED if changes else Outcome.UNCHANGED, component.id)
