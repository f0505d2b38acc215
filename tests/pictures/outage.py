"""Let today's incidents happen in the demo's first tenant; run in the demo's environment."""

import os
import tomllib
from datetime import timedelta
from pathlib import Path

import django

RECORD = Path(__file__).with_name("today.toml")
LANGUAGES = ["ar", "de"]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atender.settings")
    django.setup()

    from django.utils import timezone  # noqa: PLC0415

    from atender.tenants.context import in_tenant  # noqa: PLC0415
    from incidents.demo.replay import Step, replay  # noqa: PLC0415
    from incidents.models import Page  # noqa: PLC0415
    from statuspage.models import Branding  # noqa: PLC0415

    now = timezone.now()
    entries = tomllib.loads(RECORD.read_text())["incidents"]
    steps = [Step(now - timedelta(minutes=entry["ago"]), entry) for entry in entries]
    with in_tenant("acme"):
        replay(steps, pages=Page.objects.all())
        for branding in Branding.objects.all():
            branding.further_languages = LANGUAGES
            branding.save()


if __name__ == "__main__":
    main()
