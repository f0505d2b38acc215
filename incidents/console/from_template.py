"""A template chosen in a form: it fills the empty fields and says which ones it left alone."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from atender.ids import ULID
from incidents.models import Template, TemplateKind
from incidents.texts.placeholders import KNOWN, Circumstances, braced, unfilled
from incidents.texts.templates import Wording, filled, worded

# The button that replaces one typed field by the template's value.
INSTEAD = "instead"


@dataclass(frozen=True, slots=True)
class Kept:
    """Something typed that the template would have said otherwise."""

    name: str
    label: str
    offer: str


class FromTemplateForm(forms.Form):
    """A form that may be filled in from a template, now or when it is sent."""

    kind: ClassVar[TemplateKind]

    template = forms.CharField(required=False)
    # What the last template put in, so that nothing else is ever replaced.
    put_in = forms.CharField(widget=forms.HiddenInput, required=False)

    kept: Sequence[Kept] = ()
    goes_with: str = ""

    def templates(self) -> list[Template]:
        return list(Template.objects.filter(kind=self.kind))

    def gaps(self) -> list[tuple[str, str]]:
        """The placeholders still to be filled in, and what each stands for."""
        shown = ("title", "body")
        texts = [str(self[name].value() or "") for name in shown if name in self.fields]
        if self.is_bound and hasattr(self, "cleaned_data"):
            texts = list(self.said())
        return [(braced(name), KNOWN[name]) for name in unfilled("\n".join(texts))]

    def circumstances(self) -> Circumstances:
        raise NotImplementedError

    def said(self) -> tuple[str, str]:
        """Title and text as they are sent, their placeholders filled in."""
        title, body = (str(self.cleaned_data.get(name) or "") for name in ("title", "body"))
        if "{{" not in title + body:
            return title, body
        return filled(title, body, self.circumstances(), now=timezone.now())


def template_named(pk: str, kind: TemplateKind) -> Template | None:
    return Template.objects.filter(pk=pk, kind=kind).first() if ULID.fullmatch(pk) else None


def wording_of(template: Template, known: Circumstances, typed_title: str) -> Wording:
    """What the template says here; its text names the title that will stand."""
    now = timezone.now()
    own = worded(template, Circumstances(components=known.components), now=now).title
    whole = replace(known, title=typed_title or own)
    return Wording(own, worded(template, whole, now=now).body, template.severity, template.status)


def put_in(
    values: dict[str, Any],
    offers: Mapping[str, tuple[str, str]],
    *,
    instead: str = "",
    untouched: Mapping[str, str] | None = None,
) -> list[Kept]:
    """Put a template's offers, `{name: (label, text)}`, where nothing was typed; returns the rest.

    `untouched` are a form's initial values; `instead` names fields to be replaced even so.
    """
    earlier = set(str(values.get("put_in", "")).split())
    kept: list[Kept] = []
    marks: set[str] = set()
    for name, (label, offer) in offers.items():
        typed = str(values.get(name) or "")
        if not offer:
            continue
        if is_free(name, typed, earlier, untouched or {}) or name == instead:
            values[name] = offer
            marks.add(mark(name, offer))
        elif mark(name, typed) != mark(name, offer):
            kept.append(Kept(name, label, offer))
    still = {mark(name, str(values.get(name) or "")) for name in offers}
    values["put_in"] = " ".join(sorted(marks | (earlier & still)))
    return kept


def is_free(name: str, typed: str, earlier: set[str], untouched: Mapping[str, str]) -> bool:
    return not typed.strip() or typed == untouched.get(name) or mark(name, typed) in earlier


def mark(name: str, text: str) -> str:
    """A word that stands for a text in a field; browsers send line ends in their own way."""
    same = "\n".join(text.strip().splitlines())
    return f"{name}:{hashlib.sha256(same.encode()).hexdigest()[:16]}"
