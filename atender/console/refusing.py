"""A record's form whose verb refused: shown again as it was sent, with what was wrong."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from atender.console.seen import note_told
from atender.refusals import Refused

HEARD = "refusal"


class ShowsRefusals:
    """Lets a record's form hear what only the verb finds out, so that nothing typed is lost."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view = super().changeform_view  # type: ignore[misc]
        try:
            response: HttpResponse = view(request, *args, **kwargs)
        except Refused as refusal:
            # All that the verb did is undone by now; asked anew, the form finds itself wrong.
            setattr(request, HEARD, refusal)
            for sent in request.FILES.values():
                sent.seek(0)  # type: ignore[union-attr]
            response = view(request, *args, **kwargs)
        return response

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return hearing(request, super().get_form(request, *args, **kwargs))  # type: ignore[misc]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form = context["adminform"].form
        if form.errors and context["original"] is not None:
            # The form has written what was typed into its record, and the heading names that.
            stands = self.get_object(request, str(context["original"].pk))  # type: ignore[attr-defined]
            context |= {"original": stands, "subtitle": str(stands)} if stands else {}
        response: HttpResponse = super().render_change_form(  # type: ignore[misc]
            request, context, *args, **kwargs
        )
        return response


def hearing(request: HttpRequest, form: type[forms.BaseForm]) -> type[forms.BaseForm]:
    """The form, wrong by what a verb has said in this request, if one has said anything."""
    refusal: Refused | None = getattr(request, HEARD, None)
    return form if refusal is None else _wrong_by(form, refusal)


def _wrong_by(form: type[forms.BaseForm], refusal: Refused) -> type[forms.BaseForm]:
    sentence, field = refusal.sentence, refusal.field

    class Heard(form):  # type: ignore[misc, valid-type]
        def clean(self) -> Any:
            note_told(self, refusal)
            given = super().clean()
            if field is not None and field in self.fields:
                raise ValidationError({field: sentence})
            if not self.errors:
                raise ValidationError(sentence)
            return given

    return Heard
