"""Two people who take the same name at the same moment."""

from collections.abc import Callable
from typing import Any

import pytest

from atender.refusals import Refused
from incidents.catalogue.components import add_component, add_group
from monitors.catalogue import add_service
from tests.factories import STAFF
from tests.incidents.test_races import at_once


@pytest.mark.usefixtures("fresh_database")
@pytest.mark.parametrize("add", [add_component, add_group, add_service])
def test_the_second_is_refused_with_a_sentence(add: Callable[..., Any]) -> None:
    outcomes = at_once(*[lambda: add("Search", by=STAFF)] * 3)
    refused = [str(outcome) for outcome in outcomes if isinstance(outcome, Refused)]
    assert len(refused) == 2
    assert all("already" in sentence for sentence in refused)
