"""Records held under their locks, so that what is checked is what is changed."""

from typing import TypeVar

from django.db import models

from atender.refusals import Conflict

M = TypeVar("M", bound=models.Model)


class Gone(Conflict):
    """Somebody deleted it between the question and the change."""


def locked(rows: models.QuerySet[M], record: M, *, to_delete: bool = False) -> M:
    """Return the record as it is now, one of `rows`, held until the transaction ends.

    Who adds rows that refer to it does not wait, unless the row itself is `to_delete`. Raises
    Gone: whoever clicks a moment after somebody else has deleted it is told so.
    """
    row = rows.select_for_update(of=("self",), no_key=not to_delete).filter(pk=record.pk).first()
    if row is None:
        raise Gone(f"The {rows.model._meta.verbose_name} was deleted meanwhile.")
    return row


def held(record: M, *, to_delete: bool = False) -> M:
    """As `locked`, for a record that may be one of several kinds."""
    rows: models.Manager[M] = type(record)._default_manager
    return locked(rows.all(), record, to_delete=to_delete)
