from django.http import HttpRequest

from atender.staff.models import User


def person_of(request: HttpRequest) -> User:
    """Return the signed-in member of staff; for views that only staff reach."""
    user = request.user
    assert isinstance(user, User)
    return user
