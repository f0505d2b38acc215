"""From ids in a request to records of this tenant."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db import models

from atender.api.errors import Unprocessable
from atender.ids import ULID

M = TypeVar("M", bound=models.Model)


def records_named(rows: models.QuerySet[M], ids: Sequence[str], *, field: str) -> list[M]:
    """Return the records in the order of their ids; an unknown or foreign id is a 422."""
    wanted = [str(i).upper() for i in ids]
    known = {r.pk: r for r in rows.filter(pk__in=[i for i in wanted if ULID.fullmatch(i)])}
    missing = [written for written in map(str, ids) if written.upper() not in known]
    if missing:
        noun = rows.model._meta.verbose_name
        raise Unprocessable(
            f"There is no {noun} '{missing[0][:40]}'. Ids are 26 letters and digits; "
            f"list what there is to see them.",
            field,
        )
    return [known[i] for i in wanted]


def record_named(rows: models.QuerySet[M], body: Mapping[str, Any], field: str) -> M | None:
    """Return the one whose id stands in a body's field, None where it names none."""
    wanted = [body[field]] if body.get(field) else []
    return next(iter(records_named(rows, wanted, field=field)), None)
