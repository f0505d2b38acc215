"""What makes a second click of the same form the first one."""

import secrets
import time
import uuid

from django import forms

from atender.ids import ULID, ulid_text
from atender.refusals import Refused


def new_submission_id() -> str:
    """A fresh ULID: 48 bits of milliseconds, 80 random bits."""
    number = int(time.time() * 1000) << 80 | secrets.randbits(80)
    return ulid_text(uuid.UUID(int=number))


class SubmittedForm(forms.Form):
    """A form that says which showing of itself was sent, and takes a verb's refusal."""

    submission_id = forms.CharField(
        widget=forms.HiddenInput, required=False, initial=new_submission_id
    )

    def clean_submission_id(self) -> str:
        text = str(self.cleaned_data["submission_id"]).upper()
        return text if ULID.fullmatch(text) else new_submission_id()

    def refuse(self, refusal: Refused) -> None:
        """Show a refusal beside the field that it names, else above the form."""
        self.add_error(
            refusal.field if refusal.field in self.fields else None,
            refusal.sentence,
        )
