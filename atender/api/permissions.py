from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from atender.api.models import ApiKey, Scope


class HasScope(BasePermission):
    """The key has the scope that the view names for the method.

    A view says `scope` (suffices for every method), and may say `scopes`, a scope by method.
    Reading is also granted by `read`. A view that names none refuses everybody.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        key: Any = request.user
        if not isinstance(key, ApiKey):
            return False
        needed = scope_for(view, str(request.method))
        if needed is None:
            return False
        if request.method in SAFE_METHODS and key.has_scope(Scope.READ):
            return True
        self.message = f"This needs a key with the scope '{needed}'."
        return key.has_scope(needed)


def scope_for(view: Any, method: str) -> str | None:
    scopes: dict[str, str] = getattr(view, "scopes", {})
    return scopes.get(method, getattr(view, "scope", None))
