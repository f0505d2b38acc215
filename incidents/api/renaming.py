"""Refusals that name a field as the caller wrote it."""

from collections.abc import Mapping
from typing import ClassVar

from rest_framework.response import Response

from atender.api.resources import Resource
from atender.refusals import Refused

# Where a body that opens something says its first words.
FIRST_WORDS = {"body": "initial_update.body"}


class Renaming(Resource):
    """A view whose field names differ from those of the verbs it calls."""

    # The caller's name of a field that a verb may refuse, where it differs.
    names: ClassVar[Mapping[str, str]] = {}

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, Refused) and exc.field:
            exc.field = self.names_for_refusal().get(exc.field, exc.field)
        return super().handle_exception(exc)

    def names_for_refusal(self) -> Mapping[str, str]:
        return self.names
