from django import forms

from incidents.console.submissions import SubmittedForm


class PostMortemForm(SubmittedForm):
    """The text, and the version of it that was read."""

    body = forms.CharField(required=False, strip=False, widget=forms.Textarea)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    @property
    def text(self) -> str:
        return str(self.cleaned_data["body"])

    @property
    def version(self) -> int:
        return int(self.cleaned_data["seen"])


class PublishPostMortemForm(forms.Form):
    notifies = forms.BooleanField(required=False)
