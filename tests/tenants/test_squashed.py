"""A new schema is made by migrations that stand for many: it must become what the many made."""

from collections import Counter

import pytest
from django.db.migrations import RunSQL
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.writer import MigrationWriter

# What the many said of rows that were there, of which an empty schema has none.
OF_ROWS = ("INSERT ", "UPDATE ")
# Said again later with another figure.
REPLACED = "ALTER TABLE subscribers_delivery SET (fillfactor = 50)"


def squashed_apps() -> list[str]:
    disk = MigrationLoader(None).disk_migrations
    return sorted(app for (app, _), migration in disk.items() if migration.replaces)


def state(*, is_squashed: bool) -> ProjectState:
    return MigrationLoader(None, replace_migrations=is_squashed).project_state()


def written(model: ModelState) -> tuple[object, ...]:
    """A model as a migration would write it, in whatever order."""
    parts = {**model.fields, **model.options, "bases": model.bases}
    for name in ("indexes", "constraints"):
        parts[name] = sorted(parts.get(name, ()), key=lambda part: part.name)
    return tuple(sorted((name, MigrationWriter.serialize(part)[0]) for name, part in parts.items()))


def statements(app: str, *, is_squashed: bool) -> Counter[str]:
    disk = MigrationLoader(None).disk_migrations
    return Counter(
        str(step.sql)
        for (label, _), migration in disk.items()
        if label == app and bool(migration.replaces) == is_squashed
        for step in migration.operations
        if isinstance(step, RunSQL) and not str(step.sql).strip().startswith(OF_ROWS)
    )


def test_every_app_of_long_history_is_squashed() -> None:
    assert squashed_apps() == ["alerts", "assist", "incidents", "statuspage", "subscribers"]


def test_they_stand_for_all_that_came_before_them() -> None:
    disk = MigrationLoader(None).disk_migrations
    for (app, name), migration in disk.items():
        if migration.replaces:
            last = int(name.split("_")[2])
            before = [key for key in disk if key[0] == app and int(key[1][:4]) <= last]
            assert sorted(migration.replaces) == sorted(key for key in before if key[1] != name)


@pytest.mark.parametrize("app", squashed_apps())
def test_the_models_are_the_same(app: str) -> None:
    old, new = state(is_squashed=False), state(is_squashed=True)
    names = {key for key in new.models if key[0] == app}
    assert names == {key for key in old.models if key[0] == app}
    for key in names:
        assert written(new.models[key]) == written(old.models[key]), key


@pytest.mark.parametrize("app", squashed_apps())
def test_triggers_and_storage_are_the_same(app: str) -> None:
    expected = statements(app, is_squashed=False)
    expected.pop(REPLACED, None)
    assert statements(app, is_squashed=True) == expected


@pytest.mark.parametrize("app", squashed_apps())
def test_tables_made_together_are_not_drawn_up_one_by_one(
    app: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To draw up, after each of them, all that it hangs together with takes nearly all the time."""
    loader = MigrationLoader(None)
    migration = loader.get_migration_by_prefix(app, "0001_squashed")
    node = loader.graph.node_map[app, migration.name]
    before = loader.project_state(nodes=[parent.key for parent in node.parents])
    assert before.apps
    drawn: list[object] = []
    monkeypatch.setattr(ProjectState, "_reload", lambda _, related: drawn.append(related))
    migration.mutate_state(before, preserve=False)
    assert drawn == []
