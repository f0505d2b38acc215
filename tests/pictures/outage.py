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

    from alerts.triggering import Trouble, trigger  # noqa: PLC0415
    from atender.actors import Actor, ActorKind  # noqa: PLC0415
    from atender.tenants.context import in_tenant  # noqa: PLC0415
    from incidents.demo.replay import Step, replay  # noqa: PLC0415
    from incidents.models import Page  # noqa: PLC0415
    from monitors.models import Service  # noqa: PLC0415
    from statuspage.look.branding import change_branding  # noqa: PLC0415

    now = timezone.now()
    entries = tomllib.loads(RECORD.read_text())["incidents"]
    steps = [Step(now - timedelta(minutes=entry["ago"]), entry) for entry in entries]
    with in_tenant("acme"):
        replay(steps, pages=Page.objects.all())
        alice = Actor(ActorKind.PERSON, name="Alice")
        for page in Page.objects.all():
            change_branding(page, by=alice, further_languages=LANGUAGES)
        shop = Service.objects.get(name="Shop")
        queue = Trouble("Queue of label prints holds 4,200 jobs", service=shop)
        trigger(queue, by=alice, at=now - timedelta(minutes=3))


if __name__ == "__main__":
    main()
