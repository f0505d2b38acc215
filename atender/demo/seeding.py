"""The demo's two companies, and the file in which they are described."""

import json
import os
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from atender.actors import OPERATOR
from atender.api.keys import find_key, issue_key
from atender.api.models import Scope
from atender.roles import Role
from atender.staff.models import User
from atender.tenants.context import in_tenant
from atender.tenants.models import Domain, Tenant
from atender.tenants.provisioning import create_tenant

# Schema, name, and the first name of the admin.
COMPANIES = (("acme", "Acme", "Alice"), ("globex", "Globex", "Charlie"))

Entry = dict[str, Any]


def seed_demo() -> None:
    """Make what is missing of the demo and describe it anew; what is there already stays."""
    known = _described()
    port = os.environ.get("PORT", "8000")
    postgres = os.environ.get("ATENDER_POSTGRES_PID", "")
    tenants = [_company(*company, known=known, port=port) for company in COMPANIES]
    _describe(
        {
            "base": f"http://127.0.0.1:{port}",
            "internal": f"http://{settings.INTERNAL_HOST}:{settings.INTERNAL_PORT}",
            "postgres_pid": int(postgres) if postgres else None,
            "tenants": tenants,
        }
    )


def demo_file() -> Path:
    return Path(os.environ.get("ATENDER_DEMO_FILE") or settings.HOME / "demo.json")


@transaction.atomic
def _company(schema: str, name: str, admin: str, *, known: Mapping[str, Entry], port: str) -> Entry:
    """Return a company's entry; company, people and data are made whole or not at all."""
    tenant = Tenant.objects.filter(schema_name=schema).first()
    tenant = tenant or create_tenant(schema, name=name)
    host = f"{schema}.{settings.PLATFORM_DOMAIN}"
    page = Domain.objects.get(domain=f"status.{host}")
    entry: Entry = {
        "schema": schema,
        "name": tenant.name,
        "console": f"{host}:{port}",
        "page": f"{page.domain}:{port}",
        "partner_page": f"partners.{host}:{port}",
    }
    with in_tenant(schema):
        kept = known.get(schema, {})
        if not find_key(str(kept.get("api_key", ""))):
            kept = _people(schema, admin) | _fill(tenant, timezone.now())
        for path in settings.DEMO_STARTS:
            import_string(path)(tenant)
    return {**kept, **entry, "page_id": page.page_id}


def _people(schema: str, admin: str) -> Entry:
    """Make the admin and a key of all scopes, with fresh secrets."""
    email, password = f"{admin.lower()}@{schema}.example", secrets.token_urlsafe(9)
    user = User.objects.filter(email=email).first()
    if user is None:
        User.objects.create_user(email, password, role=Role.ADMIN, name=admin)
    else:
        user.set_password(password)
        user.save(update_fields=["password"])
    _, key = issue_key("Demo", scopes=Scope.values, by=OPERATOR)
    return {"admin_user": email, "admin_password": password, "api_key": key}


def _fill(tenant: Tenant, now: datetime) -> Entry:
    """Run each app's seed; what they return is part of the description."""
    facts: Entry = {}
    for path in settings.DEMO_SEEDS:
        facts |= import_string(path)(tenant, now=now) or {}
    return facts


def _described() -> dict[str, Entry]:
    try:
        tenants = json.loads(demo_file().read_text())["tenants"]
        return {entry["schema"]: entry for entry in tenants}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _describe(description: Entry) -> None:
    file = demo_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_name(f"{file.name}.half")
    half.touch(mode=0o600)
    half.write_text(json.dumps(description, indent=2) + "\n")
    half.replace(file)
