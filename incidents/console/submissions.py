"""Makes a second click on the same form count as the first."""

from django import forms

from atender.console.seen import note_told
from atender.ids import ULID, new_ulid
from atender.meanwhile import ChangedMeanwhile
from atender.refusals import Refused


class SubmittedForm(forms.Form):
    """A form that carries the id of its showing, and can display a verb's refusal."""

    # The word of the button that sends it.
    button = "Save"
    submission_id = forms.CharField(widget=forms.HiddenInput, required=False, initial=new_ulid)

    def clean_submission_id(self) -> str:
        text = str(self.cleaned_data["submission_id"]).upper()
        return text if ULID.fullmatch(text) else new_ulid()

    def refuse(self, refusal: Refused) -> None:
        """Show a refusal beside the field that it names, else above the form."""
        note_told(self, refusal)
        field = self.field_of(refusal)
        said = refusal.sentence
        if isinstance(refusal, ChangedMeanwhile):
            said = refusal.above(self.button)
        self.add_error(field if field in self.fields else None, said)

    def field_of(self, refusal: Refused) -> str | None:
        """What the form calls the field that a verb's refusal names."""
        return refusal.field
