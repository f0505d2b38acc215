from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from atender.api.keys import UNKNOWN_KEY, find_key
from atender.api.models import ApiKey


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer KEY`, the key being one of this tenant's."""

    def authenticate(self, request: Request) -> tuple[ApiKey, str] | None:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        key = find_key(text.strip()) if scheme.lower() == "bearer" else None
        if key is None:
            raise AuthenticationFailed(UNKNOWN_KEY)
        return key, text

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def key_of(request: Request) -> ApiKey:
    """Return the key that authenticated a request."""
    key: Any = request.user
    assert isinstance(key, ApiKey)
    return key


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = KeyAuthentication
    name = "key"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A key made in the console."}
