from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from atender.staff.models import Invitation
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant


def test_it_prints_the_link(acme: Tenant) -> None:
    out = StringIO()
    call_command("invite_staff", "acme", "dana@acme.example", "--role=viewer", stdout=out)

    assert "acme.localhost" in out.getvalue()
    assert "/invitations/" in out.getvalue()
    with in_tenant("acme"):
        assert Invitation.objects.get().role == "viewer"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["umbrella", "dana@acme.example"], "no tenant 'umbrella'"),
        (["acme", "dana"], "no e-mail address"),
        (["acme", "alice@acme.example"], "has access already"),
        (["acme", "dana@acme.example", "--role=emperor"], "invalid choice"),
    ],
)
def test_what_cannot_be_is_a_sentence(acme: Tenant, words: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("invite_staff", *words)
    with in_tenant("acme"):
        assert not Invitation.objects.exists()
