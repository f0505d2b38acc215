"""What every resource of the API stands on."""

from http import HTTPStatus
from typing import Any

from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.views import APIView

from atender.api.models import ApiKey


class PreconditionFailed(APIException):
    """The client changes what it has not read: the record has a newer version."""

    status_code = HTTPStatus.PRECONDITION_FAILED
    default_detail = (
        "The record has changed since you read it. Read it again, look at what changed, and send "
        "your change with the new ETag in If-Match."
    )


class Resource(APIView):
    """A view that looks its record up before it asks for the scope.

    A stranger's id is then 404 whatever the key may do, and nothing tells it from an unknown one.
    """

    def find(self, **ids: str) -> Any:
        """Return the record that the path names; raises Http404."""
        return None

    def check_permissions(self, request: Request) -> None:
        user: Any = request.user
        if isinstance(user, ApiKey):
            self.record = self.find(**self.kwargs)
        super().check_permissions(request)


def etag_of(version: int) -> str:
    return f'"{version}"'


def check_precondition(request: Request, version: int) -> None:
    """Raise PreconditionFailed where `If-Match` names neither this version nor any.

    Call it under the record's lock, so that what was checked is what is changed.
    """
    wanted = request.headers.get("If-Match", "").strip()
    if not wanted or wanted == "*":
        return
    if etag_of(version) not in [tag.strip() for tag in wanted.split(",")]:
        raise PreconditionFailed
