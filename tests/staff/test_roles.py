"""The one table of permissions."""

from itertools import pairwise
from types import SimpleNamespace

import pytest

from atender.api.models import Scope
from atender.roles import ABILITIES, SCOPE_ABILITIES, Ability, Role, abilities_of, may
from atender.staff.models import User


def test_each_role_may_all_that_the_one_before_it_may() -> None:
    ladder = [ABILITIES[role] for role in Role]

    assert all(lower < higher for lower, higher in pairwise(ladder))
    assert ladder[-1] == frozenset(Ability)


@pytest.mark.parametrize(
    ("role", "ability", "is_allowed"),
    [
        (Role.VIEWER, Ability.READ, True),
        (Role.VIEWER, Ability.ACKNOWLEDGE, False),
        (Role.RESPONDER, Ability.POST_UPDATE, True),
        (Role.RESPONDER, Ability.DRAFT, True),
        (Role.RESPONDER, Ability.PUBLISH, False),
        (Role.EDITOR, Ability.MANAGE_SUBSCRIBERS, True),
        (Role.EDITOR, Ability.DELETE, False),
        (Role.EDITOR, Ability.ADMINISTER, False),
        (Role.ADMIN, Ability.DELETE, True),
    ],
)
def test_what_the_roles_may(role: Role, ability: Ability, is_allowed: bool) -> None:
    assert may(User(role=role), ability) is is_allowed


def test_every_scope_of_a_key_has_its_abilities() -> None:
    assert set(SCOPE_ABILITIES) == set(Scope.values)


def test_a_key_may_what_its_scopes_say_together() -> None:
    key = SimpleNamespace(scopes=["incidents", "pages", "a scope of tomorrow"])

    assert may(key, Ability.PUBLISH)
    assert may(key, Ability.MANAGE_PAGES)
    assert not may(key, Ability.DELETE)
    assert not may(key, Ability.ADMINISTER)


def test_nobody_and_those_without_access_may_nothing() -> None:
    assert abilities_of(User(role=Role.ADMIN, is_active=False)) == frozenset()
    assert abilities_of(SimpleNamespace()) == frozenset()
    assert abilities_of(User(role="emperor")) == frozenset()


@pytest.mark.parametrize(
    ("perm", "who"),
    [
        ("incidents.view_incident", {"viewer", "responder", "editor", "admin"}),
        ("incidents.publish", {"editor", "admin"}),
        ("staff.change_user", {"admin"}),
        ("whatever.nobody_named", {"admin"}),
    ],
)
def test_djangos_question_gets_the_same_answer(perm: str, who: set[str]) -> None:
    assert {role for role in Role if User(role=role).has_perm(perm)} == who
