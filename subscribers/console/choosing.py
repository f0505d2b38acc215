"""What a subscriber hears of, changed by staff on somebody's behalf."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from atender.console.doors import FORM, require, sent
from atender.console.screens import screen
from atender.console.seen import SeenField, note_told
from atender.console.theme import Checkbox, Checkboxes, Select
from atender.refusals import Refused
from atender.roles import Ability
from atender.staff.session import actor_of
from incidents.models import Incident
from statuspage.language.speaking import language_of
from subscribers.models import Kinds, Subscriber
from subscribers.people.changing import change_subscriber, seen_of

EVERYTHING, CHOSEN = "everything", "chosen"
# Open incidents that are offered beside those that are followed already.
OFFERED = 20


class ChoicesForm(forms.Form):
    """What it has now is chosen; languages are those of its page."""

    hears = forms.ChoiceField(
        label="Hears of",
        widget=Select(),
        choices=[(EVERYTHING, "everything on the page"), (CHOSEN, "only what is chosen here")],
    )
    components = forms.MultipleChoiceField(widget=Checkboxes(), required=False)
    incidents = forms.MultipleChoiceField(
        label="Single incidents", widget=Checkboxes(), required=False
    )
    kinds = forms.ChoiceField(widget=Select(), choices=Kinds.choices)
    language = forms.ChoiceField(label="Language of what is sent", widget=Select())
    only_latest = forms.BooleanField(
        label="Leave out what a resolution overtook before it was sent",
        widget=Checkbox(),
        required=False,
    )
    seen = SeenField()

    def __init__(self, subscriber: Subscriber, data: Any = None) -> None:
        scopes = list(subscriber.scopes.all())
        followed = [scope.incident_id for scope in scopes if scope.incident_id]
        chosen = [scope.component_id for scope in scopes if scope.component_id]
        branding = subscriber.page.branding
        # Who has everything hears of it, whatever was added beside it.
        is_part = bool(scopes) and not any(scope.is_everything for scope in scopes)
        now = {
            "hears": CHOSEN if is_part else EVERYTHING,
            "components": chosen,
            "incidents": followed,
            "kinds": subscriber.kinds,
            "language": language_of(branding, subscriber.language),
            "only_latest": subscriber.wants_only_latest,
            "seen": seen_of(subscriber),
        }
        super().__init__(data, initial=now)
        listed = subscriber.page.components.all()
        names = dict(settings.LANGUAGES)
        self._offer("components", [(c.pk, c.name) for c in listed])
        self._offer("incidents", [(i.pk, i.title) for i in _offered(subscriber, followed)])
        self._offer("language", [(code, names[code]) for code in branding.languages])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        if not choices:
            del self.fields[name]

    def changes(self) -> dict[str, Any]:
        """Return the verb's arguments. Raises Refused if nothing is chosen."""
        said = self.cleaned_data
        components, incidents = said.get("components", []), said.get("incidents", [])
        if said["hears"] == EVERYTHING:
            components, incidents = [], []
        elif not components and not incidents:
            raise Refused("Choose a component or an incident, or everything; or unsubscribe it.")
        return {
            "component_ids": components,
            "incident_ids": incidents,
            "kinds": said["kinds"],
            # One that the page had once stays, and counts again when the page has it again.
            "language": said["language"] if "language" in self.changed_data else None,
            "only_latest": said["only_latest"],
            "seen": said["seen"],
        }


def _offered(subscriber: Subscriber, followed: list[str]) -> list[Incident]:
    on_page = Incident.objects.on_page(subscriber.page)
    return [
        *on_page.filter(pk__in=followed),
        *on_page.open().exclude(pk__in=followed).order_by("-id")[:OFFERED],
    ]


@require_http_methods(list(FORM))
def choose(request: HttpRequest, pk: str) -> HttpResponse:
    """Show what a subscriber hears of, and change it."""
    require(request, Ability.MANAGE_SUBSCRIBERS)
    rows = Subscriber.objects.select_related("page__branding")
    subscriber = get_object_or_404(rows, pk=pk)
    form = ChoicesForm(subscriber, sent(request))
    if form.is_valid():
        try:
            change_subscriber(subscriber, by=actor_of(request), **form.changes())
        except Refused as refusal:
            note_told(form, refusal)
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"{subscriber.address} hears of this from now on.")
            return redirect("admin:subscribers_subscriber_change", pk)
    return screen(
        request,
        "subscribers/console/choose.html",
        title=f"What {subscriber.address} hears of",
        form=form,
        subscriber=subscriber,
        status=422 if form.is_bound else 200,
    )
