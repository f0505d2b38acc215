"""The parts of the on-call forms."""

from typing import Any

from alerts.models.people import NAME_LENGTH
from atender.console import forms
from atender.staff.models import User


class NameField(forms.NameField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=NAME_LENGTH, **kwargs)


class People(forms.Boxes):
    """Everybody who has access, each with a box to tick."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(User.objects.active().order_by("name", "email"), **kwargs)
