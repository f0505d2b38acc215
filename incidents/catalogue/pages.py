"""The verbs of a page's identity."""

import re
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from atender.actors import Actor
from atender.refusals import Refused
from atender.tenants.directory import expire_directory
from atender.tenants.models import HostKind, Tenant
from atender.tenants.provisioning import TenantRefused, add_host, check_host_is_free
from atender.texts import clean_line
from atender.turns import take_turns
from incidents.models import Component, Page, PageComponent, PageSection
from incidents.models.pages import Audience
from incidents.recording import record
from incidents.signals import page_created
from incidents.states import derive_states, hold_components, leave_page

# What may be a part of a host's name.
SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?")


def host_of_page(slug: str, console_host: str) -> str:
    return f"{slug}.{console_host}"


def take_turns_in_arranging() -> None:
    """Until the transaction ends, nobody else of this tenant arranges components, groups or pages.

    What a page lists is written anew as a whole, so of two at once the second would undo the first;
    and of two that take a name the second sees the first, and is refused. Comes before any row is
    locked, so that nobody waits in a circle; and as a page that is listed derives the states of all
    that it shows, page by page, the components are held right after.
    """
    take_turns("arranging components")
    hold_components(Component.objects.all())


@transaction.atomic
def create_page(
    slug: str,
    *,
    name: str,
    by: Actor,
    tenant: Tenant,
    host: str,
    audience: Audience = Audience.PUBLIC,
    is_default: bool = False,
    components: Iterable[Component] = (),
) -> Page:
    """Create a page under a host of its own. Raises Refused when slug or host are taken."""
    take_turns_in_arranging()
    if not SLUG.fullmatch(slug):
        raise Refused(
            "A short name has 1 to 60 of the letters a–z, digits and hyphens, such as partners.",
            field="slug",
        )
    if Page.objects.filter(slug=slug).exists():
        raise Refused(f"There is a page '{slug}' already; choose another short name.", field="slug")
    name = clean_line(name, field="name", noun="A page's name", longest=120)
    try:
        check_host_is_free(host)
    except TenantRefused as refusal:
        raise Refused(str(refusal), field="slug") from refusal
    page = Page.objects.create(slug=slug, name=name, audience=audience, is_default=is_default)
    add_host(tenant, host, kind=HostKind.PAGE, page_id=page.id)
    expire_directory()
    list_components(page, components)
    record("page.created", page.id, by=by, at=timezone.now(), slug=slug)
    page_created.send(Page, page=page)
    return page


@transaction.atomic
def list_components(
    page: Page,
    components: Iterable[Component],
    *,
    sections: Mapping[str, PageSection] | None = None,
) -> None:
    """Show exactly these components on the page, in this order, in sections by component id."""
    sections = sections or {}
    now = timezone.now()
    PageComponent.objects.filter(page=page).delete()
    entries = [
        PageComponent(
            page=page,
            component=component,
            position=position,
            section=sections.get(component.pk),
        )
        for position, component in enumerate(components)
    ]
    PageComponent.objects.bulk_create(entries)
    shown = [entry.component_id for entry in entries]
    leave_page(page, keeping=shown, at=now)
    # Being listed on a page is not news about a component.
    derive_states(shown, at=now, is_told=False)
