"""How each page looks and speaks: the console's screen of the branding."""

from base64 import b64encode
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from atender.console.seen import SeenField
from atender.console.theme import (
    Checkbox,
    Checkboxes,
    NumberInput,
    RecordAdmin,
    Select,
    TextArea,
    TextInput,
    display,
)
from atender.languages.catalogues import file_of, is_unreviewed
from atender.refusals import Refused
from atender.roles import Ability
from atender.staff.session import actor_of
from atender.tenants.links import page_url
from statuspage.look.branding import change_branding
from statuspage.look.pictures import FAVICON, LOGO, keep_picture
from statuspage.look.seeing import seen_of
from statuspage.models import Branding, Picture
from statuspage.past.latencies import measured

PICTURES = {"logo": LOGO, "favicon": FAVICON}
WORDS = (
    *("title", "description", "primary_colour", "time_zone", "recency_days", "history_days"),
    *("support_url", "imprint_url", "privacy_url", "shows_powered_by"),
    *("language", "further_languages", "takes_subscribers", "takes_questions"),
    *("counts_maintenance_as_up", "latency_of"),
)
ZONES = [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name]


ABOUT_LANGUAGES = (
    "The page's own words, its dates and numbers. A visitor reads the language that their browser "
    "asks for, if it is among these, and can choose another at the end of the page. What you write "
    "in incidents stays as you wrote it."
)


def language_choices() -> list[tuple[str, str]]:
    """Each language by its own name; those that no native speaker has read are marked."""
    folder = settings.LOCALE_PATHS[0]
    return [
        (code, f"{name} (unreviewed)" if is_unreviewed(file_of(folder, code)) else name)
        for code, name in settings.LANGUAGES
    ]


def web_address(label: str) -> forms.URLField:
    widget = TextInput(attrs={"type": "url", "placeholder": "https://"})
    return forms.URLField(label=label, required=False, assume_scheme="https", widget=widget)


class BrandingForm(forms.ModelForm[Branding]):
    logo_file = forms.FileField(
        label="Logo",
        required=False,
        help_text="PNG, JPEG, WebP or GIF of at most 2 MB; shown 80 pixels high at most.",
    )
    favicon_file = forms.FileField(
        label="Favicon", required=False, help_text="A square picture; browsers show it small."
    )
    removes_logo = forms.BooleanField(label="Remove the logo", required=False, widget=Checkbox)
    removes_favicon = forms.BooleanField(
        label="Remove the favicon", required=False, widget=Checkbox
    )
    support_url = web_address("Support")
    imprint_url = web_address("Imprint")
    privacy_url = web_address("Privacy")
    language = forms.ChoiceField(
        label="Default language",
        choices=language_choices,
        widget=Select,
        help_text="For whoever asks for none of the languages below.",
    )
    further_languages = forms.MultipleChoiceField(
        label="Further languages",
        choices=language_choices,
        required=False,
        widget=Checkboxes,
        help_text="None chosen: everybody reads the default. Unreviewed means that no native "
        "speaker has read the translation yet.",
    )
    latency_of = forms.MultipleChoiceField(
        label="Response times of",
        required=False,
        widget=Checkboxes,
        help_text="A line of the last 24 hours below the component, from what its monitors "
        "measured hour by hour. None chosen: the page says nothing of it.",
    )
    time_zone = forms.ChoiceField(choices=[("UTC", "UTC"), *ZONES], widget=Select)
    seen = SeenField()

    class Meta:
        model = Branding
        fields = WORDS
        widgets = {
            "title": TextInput,
            "description": TextArea(attrs={"rows": 2}),
            "primary_colour": TextInput(
                attrs={"type": "color", "style": "height: 2.375rem; padding: 0.25rem"}
            ),
            "recency_days": NumberInput,
            "history_days": NumberInput,
            "shows_powered_by": Checkbox,
            "takes_subscribers": Checkbox,
            "takes_questions": Checkbox,
            "counts_maintenance_as_up": Checkbox,
        }
        help_texts = {
            "primary_colour": "For links and buttons. Where it would be hard to read, the page "
            "shows it darker or lighter.",
            "description": "One sentence below the name in search results and feeds.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = seen_of(self.instance)
        choices = [(component.id, component.name) for component in measured(self.instance)]
        field = self.fields["latency_of"]
        field.choices = choices  # type: ignore[attr-defined]
        if not choices:
            field.help_text = "No component of this page is watched by a monitor that measures one."

    def clean_primary_colour(self) -> str:
        return str(self.cleaned_data["primary_colour"]).lower()

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("recency_days") == 0:
            self.add_error("recency_days", "Recent incidents stay for at least one day.")
        recency, history = given.get("recency_days"), given.get("history_days")
        if recency is not None and history is not None and history < max(recency, 1):
            self.add_error(
                "history_days", "The history reaches back at least as far as recent incidents do."
            )
        for name, box in PICTURES.items():
            self._take_picture(name, box)
        return given

    def _take_picture(self, name: str, box: tuple[int, int]) -> None:
        upload = self.cleaned_data.get(f"{name}_file")
        if upload is None:
            kept = (
                None if self.cleaned_data.get(f"removes_{name}") else getattr(self.instance, name)
            )
            self.cleaned_data[name] = kept
            return
        try:
            self.cleaned_data[name] = keep_picture(upload.read(), field=name, box=box)
        except Refused as refusal:
            self.add_error(f"{name}_file", refusal.sentence)


@admin.register(Branding)
class BrandingAdmin(RecordAdmin):
    """Logo, colour, words, links and times of a page."""

    ability_to_change = Ability.MANAGE_PAGES
    form = BrandingForm
    list_title = "Look and words"
    counted = ("page", "pages")
    list_display = ["name", "address", "colour", "time_zone"]
    readonly_fields = ["shown_logo", "shown_favicon"]
    fieldsets = [
        (None, {"fields": ["title", "description", "primary_colour"]}),
        (
            "Pictures",
            {
                "fields": [
                    *("shown_logo", "logo_file", "removes_logo"),
                    *("shown_favicon", "favicon_file", "removes_favicon"),
                ]
            },
        ),
        (
            "Languages",
            {"fields": ["language", "further_languages"], "description": ABOUT_LANGUAGES},
        ),
        ("Times", {"fields": ["time_zone", "recency_days", "history_days"]}),
        ("Subscriptions", {"fields": ["takes_subscribers"]}),
        ("Questions", {"fields": ["takes_questions"]}),
        ("Uptime", {"fields": ["counts_maintenance_as_up"]}),
        ("Response times", {"fields": ["latency_of"]}),
        (
            "At the end of the page",
            {"fields": ["support_url", "imprint_url", "privacy_url", "shows_powered_by"]},
        ),
    ]

    @display(description="Page")
    def name(self, branding: Branding) -> str:
        return branding.page.name

    @display(description="Address")
    def address(self, branding: Branding) -> SafeString:
        url = page_url(branding.page_id)
        return format_html('<a href="{}">{}</a>', url, url)

    @display(description="Colour")
    def colour(self, branding: Branding) -> SafeString:
        return format_html(
            '<span style="color:{}" aria-hidden="true">■</span> {}', *[branding.primary_colour] * 2
        )

    @display(description="Logo now")
    def shown_logo(self, branding: Branding) -> SafeString:
        return shown(branding.logo)

    @display(description="Favicon now")
    def shown_favicon(self, branding: Branding) -> SafeString:
        return shown(branding.favicon)

    def save_model(
        self, request: HttpRequest, obj: Branding, form: BrandingForm, change: bool
    ) -> None:
        names = [*WORDS, *PICTURES, "seen"]
        changes = {name: form.cleaned_data[name] for name in names}
        change_branding(obj.page, by=actor_of(request), **changes)


def shown(picture: Picture | None) -> SafeString:
    """The picture itself, since the console's own host does not serve it."""
    if picture is None:
        return SafeString('<span class="meta">none</span>')
    content = b64encode(bytes(picture.content)).decode()
    return format_html(
        '<img src="data:image/png;base64,{}" width="{}" height="{}" alt="" style="max-height:40px;'
        'width:auto">',
        content,
        picture.width,
        picture.height,
    )
