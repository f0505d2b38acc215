"""What every record's screen has from `RecordAdmin`, tried on all that are registered."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import NoReverseMatch, reverse

from atender.console.site import ConsoleSite
from atender.console.theme import RecordAdmin
from atender.staff.models import User

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
NO_SUCH_ID = "01JD0000000000000000000000"


def addresses(model: Any, *screens: str, args: Sequence[str] = ()) -> Iterator[str]:
    """The addresses of those screens that a model has; wordings are all on one."""
    for screen in screens:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{screen}"
        with suppress(NoReverseMatch):
            yield reverse(name, args=args)


def test_the_site_is_ours_and_shows_records_alone() -> None:
    assert isinstance(admin.site._wrapped, ConsoleSite)  # type: ignore[attr-defined]
    assert MODELS
    for model in MODELS:
        assert isinstance(admin.site._registry[model], RecordAdmin), model
    shown = {model._meta.app_label for model in MODELS}
    assert shown.isdisjoint({"django_q", "auth", "tenants", "due", "admin", "sessions"})


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
@pytest.mark.parametrize("record_id", [NO_SUCH_ID, "rubbish", "1"])
def test_an_unknown_id_is_404(console: Client, model: Any, record_id: str) -> None:
    for address in addresses(model, "change", "delete", args=[record_id]):
        assert console.get(address).status_code in (403, 404), address


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_viewer_adds_and_changes_nothing(bobs_console: Client, model: Any) -> None:
    before = list(model._default_manager.order_by("pk").values())
    for address in addresses(model, "add"):
        assert bobs_console.post(address, {"name": "x"}).status_code == 403
    (changelist,) = addresses(model, "changelist")
    assert bobs_console.get(changelist).status_code in (200, 403)
    assert list(model._default_manager.order_by("pk").values()) == before


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_screen_runs_scripts_of_its_own(console: Client, model: Any) -> None:
    """The policy forbids them: a script is a file, or carries the nonce."""
    for address in addresses(model, "changelist", "add"):
        html = console.get(address).content.decode()
        assert not re.search(r"<script(?![^>]*\b(src|nonce)=)(?![^>]*application/json)", html)
        assert not re.search(r"<[^>]+\son(click|load|change|submit|input)=", html)


def test_the_policy_names_no_other_host_and_no_inline_script(console: Client) -> None:
    policy = console.get("/admin/").headers["Content-Security-Policy"]

    scripts = re.search(r"script-src ([^;]*)", policy)
    assert scripts
    assert "'unsafe-inline'" not in scripts[1]
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy


def test_nothing_is_written_to_the_admins_own_log(console: Client, bob: User) -> None:
    console.post(f"/admin/staff/user/{bob.pk}/change/", {"name": "Robert", "role": "editor"})

    bob.refresh_from_db()
    assert bob.name == "Robert"
    assert not LogEntry.objects.exists()
