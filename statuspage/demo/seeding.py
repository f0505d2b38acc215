"""The looks of the demo's pages, and the visits and response times of their past."""

import random
from datetime import datetime
from typing import Any

from django.conf import settings

from atender.tenants.models import Tenant
from statuspage.demo.views import read_the_past
from statuspage.models import Branding
from statuspage.past.latencies import measured

LOOKS: dict[str, dict[str, Any]] = {
    "acme": {
        "description": "Live state and history of Acme's shop platform.",
        "primary_colour": "#1d37d8",
        "time_zone": "Europe/Berlin",
        "support_url": "https://support.acme.example/",
    },
    "globex": {
        "description": "Live state and history of Globex shipping.",
        "primary_colour": "#0f766e",
        "further_languages": [code for code, _name in settings.LANGUAGES],
        "time_zone": "America/New_York",
        "support_url": "https://help.globex.example/",
    },
}
# Whose response times the page shows.
QUICK = {"API", "Checkout", "Tracking API"}


def seed(tenant: Tenant, *, now: datetime) -> None:
    brandings = Branding.objects.select_related("page")
    for branding in brandings.filter(description=""):
        for name, value in LOOKS[tenant.schema_name].items():
            setattr(branding, name, value)
        if not branding.page.is_for_everybody:
            branding.description = f"What partners of {tenant.name} need to know."
        if branding.page.is_default:
            shown = (one for one in measured(branding) if one.name in QUICK)
            branding.latency_of = [component.id for component in shown]
        branding.full_clean()
        branding.save()
        chance = random.Random(f"{tenant.schema_name} {branding.page.slug}")  # noqa: S311 - no secret
        read_the_past(branding.page, now=now, chance=chance)
