"""Mails to staff about a domain that loses its proof, or has lost it."""

from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from atender.outbound.letters import post
from atender.roles import Ability, may
from atender.staff.models import User
from atender.staff.zones import with_zones
from atender.tenants.hosts import own_host, primary_claim
from atender.tenants.links import console_url, tenant_name
from statuspage.domains.sentences import finding_sentence
from statuspage.domains.timing import lost_at
from statuspage.models import CustomDomain


def warn(domain: CustomDomain) -> None:
    """Say that a domain will be withdrawn, and when, unless its record is set again."""
    _post(domain, "domain_in_doubt", f"{domain.name} is about to be withdrawn")


def tell_withdrawn(domain: CustomDomain, *, has_moved: bool) -> None:
    _post(domain, "domain_withdrawn", f"{domain.name} was withdrawn", has_moved=has_moved)


def _post(domain: CustomDomain, template: str, subject: str, **more: Any) -> None:
    context = {
        "domain": domain,
        "page": domain.page,
        "found": finding_sentence(domain),
        "withdrawn_at": lost_at(domain),
        "is_primary": primary_claim(domain.page_id) == domain.id,
        "own_host": own_host(domain.page_id),
        "link": console_url(reverse("admin:statuspage_customdomain_change", args=[domain.pk])),
        **more,
    }
    people = [user for user in User.objects.active() if may(user, Ability.MANAGE_PAGES)]
    for person, zone in with_zones(people):
        with timezone.override(zone):
            text = render_to_string(f"statuspage/mail/{template}.txt", context)
        post(person.email, subject=f"[{tenant_name()}] {subject}", text=text)
