from django.http import HttpRequest

from atender.actors import Actor
from atender.staff.models import User


def person_of(request: HttpRequest) -> User:
    """Return the signed-in member of staff; for views that only staff reach."""
    user = request.user
    assert isinstance(user, User)
    return user


def actor_of(request: HttpRequest) -> Actor:
    """Return who does what a view does, for views that only staff reach."""
    return person_of(request).actor
