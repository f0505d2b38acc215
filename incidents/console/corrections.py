"""Two people who correct the same thing: nobody undoes what they have not read."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from django import forms
from django.db import transaction
from django.http import QueryDict

from atender.refusals import Conflict
from incidents.console.submissions import SubmittedForm
from incidents.lifecycle import lock
from incidents.models import Incident


class CorrectedMeanwhile(Conflict):
    """What a form corrects is no longer what it showed."""


class CorrectionForm(SubmittedForm):
    """A form that carries the fingerprint of what stood when it was shown."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["shown"] = fingerprint(self.stands())

    def stands(self) -> Mapping[str, Any]:
        """What is on record now of all that the form corrects."""
        raise NotImplementedError

    def wanted(self) -> Mapping[str, Any]:
        """The same, as the valid form would have it."""
        raise NotImplementedError

    def told(self) -> str:
        """Say what a colleague made of it, and what its author may do then."""
        raise NotImplementedError

    def check_shown(self) -> None:
        """Refuse what its author saw in another state, unless that is what they want as well."""
        shown, stands = self.cleaned_data["shown"], self.stands()
        if shown in ("", fingerprint(stands)) or self.wanted() == stands:
            return
        if isinstance(self.data, QueryDict):
            again = self.data.copy()
            self.show_again(again)
            self.data = again
        raise CorrectedMeanwhile(f"Nothing was saved: {self.told()}")

    def show_again(self, sent: QueryDict) -> None:
        """Keep what was written, now that its author reads what stands."""
        sent["shown"] = fingerprint(self.stands())


@contextmanager
def as_shown(form: CorrectionForm, incident: Incident) -> Iterator[None]:
    """Lock the incident if the form shows what stands. Raises CorrectedMeanwhile, Gone."""
    with transaction.atomic():
        lock(incident)
        form.check_shown()
        yield


def fingerprint(stands: Mapping[str, Any]) -> str:
    return sha256(json.dumps(stands, sort_keys=True).encode()).hexdigest()[:16]
