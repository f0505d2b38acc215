"""Where pages stand in the console: the side bar, and what other screens show of them."""

from collections.abc import Collection

from django.http import HttpRequest
from django.template.loader import render_to_string

from atender.console import navigation, panels
from atender.console.navigation import Entry
from atender.roles import Ability
from atender.staff import zones
from incidents.models import Component
from incidents.previewing import Preview
from incidents.texts import zones as public_zones
from statuspage.console.previewing import frames_of
from statuspage.models import Branding


def render_preview(request: HttpRequest, preview: Preview) -> str:
    if preview.update is None:
        return ""
    context = {"frames": frames_of(preview)}
    return render_to_string("statuspage/console/preview.html", context, request=request)


def default_zone() -> str:
    """The default page's, in which staff read times who chose none. One query."""
    found = Branding.objects.filter(page__is_default=True).values_list("time_zone", flat=True)
    return found.first() or ""


def zone_on(page_ids: Collection[str]) -> str:
    """Theirs where they agree, else the default page's. Two queries at most."""
    chosen = Branding.objects.filter(page__in=page_ids)
    found = set(chosen.values_list("time_zone", flat=True)) if page_ids else set()
    return found.pop() if len(found) == 1 else default_zone()


def render_uptime_link(request: HttpRequest, component: Component) -> str:
    context = {"component": component}
    return render_to_string("statuspage/console/uptime_link.html", context, request=request)


# Label, the model behind its list, icon and order; all in the group "Status pages".
ENTRIES = (
    ("Look and words", "branding", "palette", 22),
    ("Domains", "customdomain", "language", 23),
    ("Wordings", "wording", "translate", 23),
    ("Who may read", "access", "lock", 24),
)
for label, model, icon, order in ENTRIES:
    link = f"admin:statuspage_{model}_changelist"
    navigation.register(
        Entry("Status pages", label, link, icon, order=order, ability=Ability.MANAGE_PAGES)
    )
zones.register_usual(default_zone)
public_zones.register(zone_on)
panels.register("incident.preview", render_preview)
panels.register("component.head", render_uptime_link)
