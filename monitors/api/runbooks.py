"""The field `runbook` of services, monitors and what stands above them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model

from atender.actors import Actor
from atender.api.fields import Text
from monitors.runbooks import LONGEST, runbooks_of, write_runbook


class RunbookField(Text):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            allow_blank=True,
            max_length=LONGEST,
            help_text="Markdown, for staff alone; empty: none.",
            **kwargs,
        )


def texts_of(subjects: Sequence[Model]) -> Mapping[str, str]:
    """The runbook's text of each, empty where there is none; one query."""
    runbooks = runbooks_of(subject.pk for subject in subjects)
    return {s.pk: runbooks[s.pk].text if s.pk in runbooks else "" for s in subjects}


def keep_runbook(subject: Model, body: Mapping[str, Any], *, by: Actor) -> None:
    """Write the subject's runbook if the body has one."""
    if "runbook" in body:
        write_runbook(subject.pk, body["runbook"], by=by, name=str(subject))
