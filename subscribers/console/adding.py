"""The form with which staff add a subscriber of any channel."""

from typing import Any

from django import forms

from atender.actors import Actor
from atender.addresses import clean_address
from atender.console.theme import Select, TextInput
from atender.phones import clean_phone
from atender.refusals import Refused
from incidents.models import Page
from subscribers.calls.addressing import clean_url
from subscribers.calls.texts import offered_channels
from subscribers.models import CALLED, BodyFormat, Channel, Endpoint, Subscriber
from subscribers.people.endpoints import add_endpoint
from subscribers.people.enrolment import subscribe

CLEANING = {Channel.EMAIL: clean_address, Channel.SMS: clean_phone}


class NewSubscriberForm(forms.ModelForm[Subscriber]):
    """Has the fields of every channel; a refusal is shown at its field."""

    address = forms.CharField(
        label="Address",
        max_length=2000,
        widget=TextInput(),
        help_text="An e-mail address or a phone number gets a link to confirm, and nothing before "
        "that. The URL of a webhook or chat is called from now on: you vouch for it.",
    )
    format = forms.ChoiceField(
        label="Body of a webhook",
        widget=Select(),
        choices=BodyFormat.choices,
        initial=BodyFormat.STANDARD,
        required=False,
        help_text="For programs that were written for another status page, choose its shape.",
    )
    owner_email = forms.CharField(
        label="Who looks after a webhook or chat",
        widget=TextInput(),
        required=False,
        help_text="An e-mail address that is told when it is switched off; else the admins are.",
    )

    class Meta:
        model = Subscriber
        fields = ["page", "channel", "address", "kinds"]
        widgets = {"page": Select(), "kinds": Select()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pages = self.fields["page"]
        assert isinstance(pages, forms.ModelChoiceField)
        pages.empty_label = None
        pages.initial = Page.objects.filter(is_default=True).first()
        offered = [(channel.value, channel.label) for channel in offered_channels()]
        self.fields["channel"] = forms.ChoiceField(
            choices=offered, initial=Channel.EMAIL, required=False, widget=Select()
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        # One that is no channel has its own sentence.
        if "channel" in said:
            said["channel"] = said["channel"] or Channel.EMAIL
        clean = CLEANING.get(said.get("channel", ""), clean_url)
        self._try("address", clean)
        if said.get("owner_email"):
            self._try("owner_email", clean_address)
        return said

    def _try(self, name: str, clean: Any) -> None:
        try:
            if name in self.cleaned_data:
                self.cleaned_data[name] = clean(self.cleaned_data[name])
        except Refused as refusal:
            self.add_error(name, refusal.sentence)


def add_from(said: dict[str, Any], *, by: Actor) -> tuple[Subscriber, str]:
    """Add or ask the subscriber; returns it and a new webhook's secret. Raises Refused."""
    page, channel, address, kinds = (said[n] for n in ("page", "channel", "address", "kinds"))
    if channel not in CALLED:
        return subscribe(page, channel=channel, address=address, kinds=kinds, by=by), ""
    added, is_new = add_endpoint(
        page,
        channel=channel,
        url=address,
        by=by,
        owner_email=said.get("owner_email", ""),
        kinds=kinds,
        body_format=said.get("format") or BodyFormat.STANDARD,
    )
    return added, Endpoint.objects.get(pk=added.pk).secret if is_new else ""
