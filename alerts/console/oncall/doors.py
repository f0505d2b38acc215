"""Who may change how somebody is called."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from atender.roles import Ability, may
from atender.staff.models import User
from atender.staff.session import person_of


def may_arrange(request: HttpRequest, person: User) -> bool:
    """Whether this person may change it: everybody their own, admins everybody's."""
    return person.pk == person_of(request).pk or may(request.user, Ability.ADMINISTER)


def require_arranging(request: HttpRequest, person: User) -> None:
    if not may_arrange(request, person):
        raise PermissionDenied("How somebody is called is theirs to say, or an admin's.")
