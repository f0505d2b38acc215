"""Tenants come, are suspended and go; what is refused leaves nothing behind."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from atender.due.models import Due
from atender.staff.models import Invitation, User
from atender.tenants.context import current_schema, in_tenant
from atender.tenants.models import Domain, Tenant
from atender.tenants.provisioning import TenantRefused, create_tenant, delete_tenant, suspend_tenant


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def has_schema(schema: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [schema])
        return bool(cursor.fetchone()[0])


def test_a_new_tenant_is_served_at_once(public: None) -> None:
    create_tenant("umbrella", name="Umbrella", page_host="status.umbrella.example")
    assert current_schema() == "public"

    assert Client(HTTP_HOST="umbrella.localhost").get("/admin/login/").status_code == 200
    assert Client(HTTP_HOST="status.umbrella.example").get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("schema", "name", "hosts", "sentence"),
    [
        ("Umbrella", "Umbrella", {}, "small letters"),
        ("u", "Umbrella", {}, "2 to 41"),
        ("public", "Umbrella", {}, "the database itself"),
        ("pg_umbrella", "Umbrella", {}, "the database itself"),
        ("umbrella", " ", {}, "needs a name"),
        ("acme", "Acme again", {}, "already"),
        ("umbrella", "Umbrella", {"console_host": "acme.localhost"}, "taken already"),
        ("umbrella", "Umbrella", {"console_host": "Not A Host"}, "no host name"),
        ("umbrella", "Umbrella", {"page_host": "status.acme.localhost"}, "taken already"),
        ("umbrella", "Umbrella", {"page_host": "umbrella.example:8000"}, "no host name"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    public: None, schema: str, name: str, hosts: dict[str, str], sentence: str
) -> None:
    before = Tenant.objects.count(), Domain.objects.count()

    with pytest.raises(TenantRefused, match=sentence):
        create_tenant(schema, name=name, **hosts)

    assert (Tenant.objects.count(), Domain.objects.count()) == before
    assert not has_schema("umbrella")


def test_a_receiver_that_fails_leaves_nothing(fresh_database: str) -> None:
    from atender.tenants.signals import tenant_created  # noqa: PLC0415 - used once

    def fail(**_kwargs: object) -> None:
        raise RuntimeError("no branding today")

    tenant_created.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            create_tenant("umbrella", name="Umbrella")
    finally:
        tenant_created.disconnect(fail)

    assert not has_schema("umbrella")
    assert not Tenant.objects.filter(schema_name="umbrella").exists()
    assert not Domain.objects.filter(domain="umbrella.localhost").exists()


def test_a_suspended_tenant_answers_404_and_comes_back(acme: Tenant, console: Client) -> None:
    visitor = Client(HTTP_HOST="status.acme.localhost")
    suspend_tenant(acme)
    assert console.get("/admin/").status_code == 404
    assert visitor.get("/").status_code == 404
    assert Client(HTTP_HOST="globex.localhost").get("/admin/login/").status_code == 200

    suspend_tenant(acme, is_suspended=False)
    assert console.get("/admin/").status_code == 200


def test_a_deleted_tenant_leaves_nothing_and_its_neighbour_everything(
    acme: Tenant, globex: Tenant
) -> None:
    Due.objects.create(schema="acme", kind="x", key="1", due_at="2026-11-20T10:00:00Z")
    Due.objects.create(schema="globex", kind="x", key="1", due_at="2026-11-20T10:00:00Z")

    delete_tenant(acme)

    assert not has_schema("acme")
    assert not Domain.objects.filter(domain__endswith="acme.localhost").exists()
    assert list(Due.objects.values_list("schema", flat=True)) == ["globex"]
    with in_tenant("globex"):
        assert User.objects.exists()


def test_create_tenant_prints_addresses_and_a_way_in(public: None) -> None:
    printed = run("create_tenant", "umbrella", "--name=Umbrella", "--email=Dana@Umbrella.example")

    assert "umbrella.localhost" in printed
    assert "status.umbrella.localhost" in printed
    assert "/invitations/" in printed
    with in_tenant("umbrella"):
        invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role) == ("dana@umbrella.example", "admin")


def test_create_tenant_makes_nothing_for_a_wrong_address(public: None) -> None:
    with pytest.raises(CommandError, match="no e-mail address"):
        run("create_tenant", "umbrella", "--name=Umbrella", "--email=dana")

    assert not Tenant.objects.filter(schema_name="umbrella").exists()


def test_list_tenants_names_state_and_hosts(acme: Tenant) -> None:
    run("suspend_tenant", "acme")

    first, second = run("list_tenants").splitlines()

    assert first.startswith("acme\tsuspended\tAcme\tacme.localhost")
    assert second.startswith("globex\tactive\tGlobex\t")
    assert "served again" in run("suspend_tenant", "acme", "--resume")


def test_delete_tenant_wants_the_name_twice(acme: Tenant) -> None:
    with pytest.raises(CommandError, match="--confirm acme"):
        run("delete_tenant", "acme")
    assert has_schema("acme")

    run("delete_tenant", "acme", "--confirm=acme")
    assert not has_schema("acme")


@pytest.mark.parametrize("command", ["suspend_tenant", "delete_tenant"])
def test_an_unknown_tenant_is_named(public: None, command: str) -> None:
    with pytest.raises(CommandError, match="no tenant 'umbrella'"):
        run(command, "umbrella")
