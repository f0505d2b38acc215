from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from atender.staff.models import User, address


class StaffBackend(BaseBackend):
    """E-mail and password, among the people of the current tenant."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_kwargs: Any,
    ) -> User | None:
        if not username or password is None:
            return None
        user = User.objects.active().filter(email=address(username)).first()
        if user is None:
            # An unknown address takes as long as a known one, so that time tells nothing.
            User().set_password(password)
            return None
        return user if user.check_password(password) else None

    def get_user(self, user_id: Any) -> User | None:
        return User.objects.active().filter(pk=user_id).first()
