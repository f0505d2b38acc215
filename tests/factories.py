"""Plain functions that make what tests need, through the product's own verbs."""

from typing import Any

from atender.actors import Actor, ActorKind
from atender.api.keys import issue_key
from atender.api.models import Scope
from atender.roles import Role
from atender.staff.models import User
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from atender.tenants.provisioning import create_tenant
from incidents.catalogue.components import add_component, add_group
from incidents.catalogue.pages import create_page
from incidents.lifecycle import Facts, open_incident
from incidents.models import Component, Incident, Page
from incidents.models.pages import Audience
from incidents.transitions import Saying
from monitors.catalogue import add_monitor, add_service

PASSWORD = "a pass phrase for tests"
STAFF = Actor(ActorKind.PERSON, name="Alice")


def make_tenants() -> None:
    """Acme, whose Alice is an admin and Bob a viewer, and Globex, Charlie's."""
    make_tenant("acme", Alice=Role.ADMIN, Bob=Role.VIEWER)
    make_tenant("globex", Charlie=Role.ADMIN)


def make_tenant(schema: str, **people: Role) -> Tenant:
    """A tenant with a public and a partner page, three components, a monitor and its people."""
    tenant = create_tenant(schema, name=schema.title())
    with in_tenant(schema):
        for name, role in people.items():
            User.objects.create_user(
                f"{name.lower()}@{schema}.example", PASSWORD, role=role, name=name
            )
        partners = create_page(
            "partners",
            name=f"{schema.title()} for partners",
            by=STAFF,
            tenant=tenant,
            host=f"partners.{schema}.localhost",
            audience=Audience.PARTNER,
        )
        core = add_group("Core", by=STAFF)
        pages = [Page.objects.get(is_default=True), partners]
        for name in ("API", "Web app", "Payments"):
            add_component(name, by=STAFF, group=core, pages=pages)
        add_monitor("api probe", by=STAFF, service=add_service("Platform", by=STAFF))
    return tenant


def default_page() -> Page:
    return Page.objects.get(is_default=True)


def partner_page() -> Page:
    return Page.objects.get(slug="partners")


def component(name: str = "API") -> Component:
    return Component.objects.get(name=name)


def make_incident(
    title: str = "API response times degraded",
    *,
    severity: str | None = "major",
    body: str = "We are investigating slow responses from the API.",
    components: tuple[str, ...] = ("API",),
    pages: tuple[Page, ...] | None = None,
    **kwargs: Any,
) -> Incident:
    """Open an incident on the default page of the present tenant."""
    facts = Facts(
        components=[component(name) for name in components],
        pages=(default_page(),) if pages is None else pages,
    )
    return open_incident(
        title, by=STAFF, severity=severity, first=Saying(body=body), facts=facts, **kwargs
    )


def make_key(*scopes: str) -> str:
    """Issue a key of the present tenant and return its text; of all scopes unless told."""
    _, text = issue_key("tests", scopes=scopes or [Scope.ADMIN], by=STAFF)
    return text
