"""Who may do what: the one table of permissions, asked at every door."""

from typing import Any

from django.db import models


class Ability(models.TextChoices):
    READ = "read", "read everything internal"
    ACKNOWLEDGE = "acknowledge", "acknowledge incidents and alerts"
    POST_UPDATE = "post_update", "post updates"
    DRAFT = "draft", "open internal incidents"
    ASSIST = "assist", "answer customers with what is known"
    PUBLISH = "publish", "publish incidents and maintenance"
    EDIT = "edit", "edit incidents and updates"
    MANAGE_PAGES = "manage_pages", "manage pages and components"
    MANAGE_MONITORS = "manage_monitors", "manage monitors and services"
    MANAGE_ALERTS = "manage_alerts", "manage who is alerted"
    MANAGE_SUBSCRIBERS = "manage_subscribers", "manage subscribers"
    DELETE = "delete", "delete records"
    ADMINISTER = "administer", "manage people, keys, channels and secrets"


class Role(models.TextChoices):
    VIEWER = "viewer", "Viewer"
    RESPONDER = "responder", "Responder"
    EDITOR = "editor", "Editor"
    ADMIN = "admin", "Admin"


ROLE_HELP = {
    Role.VIEWER: "reads everything, changes nothing",
    Role.RESPONDER: "also acknowledges, posts updates and drafts incidents",
    Role.EDITOR: "also publishes, edits, and manages pages, components, monitors and subscribers",
    Role.ADMIN: "also deletes, and manages people, keys, channels and secrets",
}

_VIEWER = frozenset({Ability.READ})
_RESPONDER = _VIEWER | {
    Ability.ACKNOWLEDGE,
    Ability.POST_UPDATE,
    Ability.DRAFT,
    Ability.ASSIST,
}
_EDITOR = _RESPONDER | {
    Ability.PUBLISH,
    Ability.EDIT,
    Ability.MANAGE_PAGES,
    Ability.MANAGE_MONITORS,
    Ability.MANAGE_ALERTS,
    Ability.MANAGE_SUBSCRIBERS,
}
ABILITIES: dict[str, frozenset[Ability]] = {
    Role.VIEWER: _VIEWER,
    Role.RESPONDER: _RESPONDER,
    Role.EDITOR: _EDITOR,
    Role.ADMIN: frozenset(Ability),
}
# An API key's scopes; a key without `read` still reads what its scope is about.
SCOPE_ABILITIES: dict[str, frozenset[Ability]] = {
    "read": _VIEWER,
    "incidents": frozenset(
        {
            Ability.ACKNOWLEDGE,
            Ability.POST_UPDATE,
            Ability.DRAFT,
            Ability.PUBLISH,
            Ability.EDIT,
        }
    ),
    "incidents.delete": frozenset({Ability.DELETE}),
    "monitors": frozenset({Ability.MANAGE_MONITORS}),
    "probes": frozenset(),
    "alerts": frozenset({Ability.MANAGE_ALERTS, Ability.ACKNOWLEDGE}),
    "subscribers": frozenset({Ability.MANAGE_SUBSCRIBERS}),
    "assist": frozenset({Ability.ASSIST}),
    "pages": frozenset({Ability.MANAGE_PAGES}),
    "admin": frozenset(Ability),
}


def abilities_of(who: Any) -> frozenset[Ability]:
    """Return what a member of staff (`role`) or an API key (`scopes`) may do; nobody: nothing."""
    if not getattr(who, "is_active", True):
        return frozenset()
    if hasattr(who, "role"):
        return ABILITIES.get(who.role, frozenset())
    scopes = getattr(who, "scopes", ())
    return frozenset().union(*(SCOPE_ABILITIES.get(scope, frozenset()) for scope in scopes))


def may(who: Any, ability: Ability) -> bool:
    return ability in abilities_of(who)
