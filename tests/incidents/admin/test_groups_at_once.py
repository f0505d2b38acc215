"""Two people with the same group's form open: the second reads what the first made of it."""

from typing import Any

import pytest
from django.test import Client

from atender.meanwhile import ChangedMeanwhile
from incidents.catalogue.arranging import change_group, seen_group
from incidents.models import ComponentGroup
from tests.console.at_once import is_told_first, seen_in
from tests.factories import STAFF

GROUPS = "/admin/incidents/componentgroup/"
TOLD = "It is called “Kernel” and is at position 4. Save again if yours is to replace that."


@pytest.mark.usefixtures("acme")
def test_a_name_that_was_not_read_is_not_replaced() -> None:
    core = ComponentGroup.objects.get()
    seen = seen_group(core)
    change_group(core, name="Kernel", position=4, by=STAFF)
    with pytest.raises(ChangedMeanwhile, match=f"changed this component group .* {TOLD}"):
        change_group(core, name="Base", seen=seen, by=STAFF)
    assert ComponentGroup.objects.get().name == "Kernel"
    # It is as it was wanted, and who saw it may change it.
    stands = change_group(core, name=" Kernel ", seen=seen, by=STAFF)
    stands = change_group(core, position=1, seen=seen_group(stands), by=STAFF)
    assert (stands.name, stands.position) == ("Kernel", 1)


def test_a_name_that_a_colleague_gave_meanwhile_is_read_first(console: Client) -> None:
    core = ComponentGroup.objects.get()
    where = f"{GROUPS}{core.pk}/change/"
    fields: dict[str, Any] = {"name": core.name, "position": 7}
    fields["seen"] = seen_in(console.get(where).text)
    change_group(core, name="Kernel", position=4, by=STAFF)
    is_told_first(console, where, fields, TOLD, status=200)
    core.refresh_from_db()
    assert (core.name, core.position) == ("Core", 7)


def test_who_only_reads_carries_nothing(bobs_console: Client) -> None:
    screen = bobs_console.get(f"{GROUPS}{ComponentGroup.objects.get().pk}/change/").text
    assert "Core" in screen
    assert 'name="seen"' not in screen
