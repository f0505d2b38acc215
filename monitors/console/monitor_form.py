"""The form of a monitor: what all kinds share, and what each kind needs besides."""

from collections.abc import Callable, Iterator
from typing import Any

from django import forms

from atender.console.seen import SeenField
from atender.console.theme import NumberInput, PasswordInput, Select, TextArea, TextInput
from atender.refusals import Refused
from monitors import catalogue
from monitors.api.config_shapes import TYPES
from monitors.configs import KEYS, joined, masked, merged
from monitors.configs.keys import MATCHES, METHODS, RECORDS
from monitors.configs.watching import Watch, check_address_given, checked
from monitors.models import Monitor, MonitorKind, Service
from monitors.seeing import seen_of

SHARED = ("kind", "url", "interval_s", "timeout_s", "retries", "regions", "quorum")
CHOICES = {"method": METHODS, "match": MATCHES, "record": RECORDS}
LONG = ("headers", "body", "prompt", "system", "expected")
LABELS = {
    "url": "address",
    "json_path": "JSON path",
    "json_value": "JSON value",
    "expected_status": "expected status",
    "latency_limit_ms": "latency limit, ms",
    "grace_s": "grace, s",
    "max_tokens": "tokens at most",
    "prompt": "gold prompt",
    "expected": "expected answer",
    "token": "bearer token",
    "cron": "cron expression",
    "time_zone": "time zone",
    "days": "warns before, days",
}
HELP = {
    "name": "Shown to the public where an incident names the monitor.",
    "url": "A web address, host:port, or a name to look up. Empty for a heartbeat.",
    "retries": "Before it counts as failed; only what may pass is tried again.",
    "quorum": "How many regions have to fail before it is down. Empty: more than half.",
}


class RegionsField(forms.CharField):
    """Names of regions, separated by commas."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return [name for name in (part.strip() for part in super().clean(value).split(",")) if name]


class HeadersField(forms.CharField):
    """Lines of `name: value`; what is kept shows masked."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return "\n".join(f"{name}: {said}" for name, said in value.items())
        return value

    def clean(self, value: Any) -> Any:
        lines = [line for line in super().clean(value).splitlines() if line.strip()]
        if wrong := next((line for line in lines if ":" not in line), None):
            raise forms.ValidationError(f"'{wrong[:40]}' is no header; one is name: value.")
        pairs = (line.partition(":") for line in lines)
        return {name.strip(): said.strip() for name, _, said in pairs}


def config_name(kind: str, name: str) -> str:
    return f"{kind}__{name}"


def config_fields() -> dict[str, forms.Field]:
    return {
        config_name(kind, name): _field(name, key.about, key.default)
        for kind, keys in KEYS.items()
        for name, key in keys.items()
    }


def _field(name: str, about: str, default: Any) -> forms.Field:
    shared: dict[str, Any] = {
        "label": LABELS.get(name, name.replace("_", " ")).capitalize().replace("Json", "JSON"),
        "help_text": about if default is None else f"{about} Empty: {default}.",
        "required": False,
    }
    if name in CHOICES:
        choices = [(choice, choice) for choice in CHOICES[name]]
        return forms.ChoiceField(
            choices=choices, widget=Select, initial=default, **{**shared, "help_text": about}
        )
    if name == "token":
        return forms.CharField(widget=PasswordInput(render_value=True), **shared)
    if name == "headers":
        return HeadersField(widget=TextArea(attrs={"rows": 3}), **shared)
    if TYPES.get(name, {}).get("type") == "integer":
        return forms.IntegerField(widget=NumberInput, **shared)
    if TYPES.get(name, {}).get("type") == "number":
        return forms.FloatField(widget=NumberInput(attrs={"step": "0.05"}), **shared)
    widget = TextArea(attrs={"rows": 3}) if name in LONG else TextInput
    return forms.CharField(widget=widget, **shared)


class PlainMonitorForm(forms.ModelForm[Monitor]):
    service = forms.ModelChoiceField(
        queryset=Service.objects.all(), required=False, widget=Select, empty_label="none"
    )
    regions = RegionsField(
        required=False,
        widget=TextInput,
        help_text="Separated by commas, such as eu-west, us-east. Empty: wherever there is one.",
    )
    seen = SeenField()

    class Meta:
        model = Monitor
        fields = ("name", "service", *SHARED)
        widgets = dict.fromkeys(("interval_s", "timeout_s", "retries", "quorum"), NumberInput)
        help_texts = HELP

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.initial["seen"] = seen_of(self.instance)
        kind = self.instance.kind
        for name, value in masked(self._kept()).items():
            shown = "\n".join(value) if isinstance(value, list) else value
            self.initial[config_name(kind, name)] = shown

    def _kept(self) -> dict[str, Any]:
        return joined(self.instance.config, self.instance.secrets)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        say(self, lambda: catalogue.monitor_name(given.get("name") or ""))
        watch = {name: given[name] for name in SHARED if given.get(name) is not None}
        kind = watch.get("kind")
        if kind in MonitorKind.values:
            before = self._kept() if kind == self.instance.kind else {}
            watch["config"] = merged(before, self.config())
        say(self, lambda: checked(Watch(**watch)))
        if self.instance._state.adding:
            say(self, lambda: check_address_given(Watch(**watch)))
        return given

    def config(self) -> dict[str, Any]:
        """Return the chosen kind's configuration; an empty field removes its key."""
        kind = self.cleaned_data["kind"]
        found = {name: self.cleaned_data.get(config_name(kind, name)) for name in KEYS[kind]}
        if kind == MonitorKind.DNS:
            found["expected"] = (found["expected"] or "").splitlines()
        return {
            name: None if value in ("", {}, [], KEYS[kind][name].default) else value
            for name, value in found.items()
        }

    def changes(self) -> dict[str, Any]:
        """What differs from what was shown, as the verb takes it."""
        given = self.cleaned_data
        plain = {n: given[n] for n in self.changed_data if n in ("name", "service", *SHARED)}
        prefix = config_name(given["kind"], "")
        if "kind" in plain or any(name.startswith(prefix) for name in self.changed_data):
            plain["config"] = self.config()
        return plain


MonitorForm: Any = type("MonitorForm", (PlainMonitorForm,), config_fields())


def fieldsets() -> Iterator[tuple[str | None, dict[str, Any]]]:
    """Return the fields all kinds share, then each kind's, of which the chosen one's show."""
    yield None, {"fields": ["name", "service", "kind", "url"]}
    for kind, keys in KEYS.items():
        label = MonitorKind(kind).label
        names = [config_name(kind, name) for name in keys]
        heading = label[:1].upper() + label[1:]
        yield heading, {"fields": names, "classes": [f"kind-{kind}", "of-a-kind"]}
    yield (
        "How often, and from where",
        {"fields": ["interval_s", "timeout_s", "retries", "regions", "quorum"]},
    )


def say(form: forms.ModelForm[Any], check: Callable[[], object]) -> None:
    """Show a verb's refusal beside its field, unless that has an error already."""
    try:
        check()
    except Refused as refusal:
        field = refusal.field or ""
        if field.startswith("config."):
            field = config_name(form.cleaned_data["kind"], field.removeprefix("config."))
        if field not in form.errors:
            form.add_error(field, refusal.sentence)
