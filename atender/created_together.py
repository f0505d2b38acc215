"""An operation of migrations that makes many tables at once.

Django draws up every model that hangs together with another anew after each operation; for a
hundred tables that takes longer than everything else a migration does.
"""

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class CreateTogether(Operation):
    """Make the tables of models that are all new, as they are when every operation is done.

    `operations` are what `makemigrations` writes for them: CreateModel, and AddField, AddIndex and
    AddConstraint of the same models.
    """

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        # Drawn up once when the models are asked for next, not after each operation.
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: Any, _before: ProjectState, after: ProjectState
    ) -> None:
        for model in self._models(app_label, schema_editor, after):
            schema_editor.create_model(model)

    def database_backwards(
        self, app_label: str, schema_editor: Any, before: ProjectState, _after: ProjectState
    ) -> None:
        for model in reversed(self._models(app_label, schema_editor, before)):
            schema_editor.delete_model(model)

    def _models(self, app_label: str, schema_editor: Any, state: ProjectState) -> list[Any]:
        names = [step.name for step in self.operations if isinstance(step, CreateModel)]
        models = [state.apps.get_model(app_label, name) for name in names]
        alias = schema_editor.connection.alias
        return [model for model in models if self.allow_migrate_model(alias, model)]

    def references_model(self, name: str, app_label: str) -> bool:
        return any(operation.references_model(name, app_label) for operation in self.operations)

    def describe(self) -> str:
        return f"Create {sum(isinstance(step, CreateModel) for step in self.operations)} tables"
