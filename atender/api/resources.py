"""The base classes of every resource of the API."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar, NoReturn, TypeVar

from django.db.models import Model, QuerySet
from django.urls import Resolver404, resolve
from rest_framework.exceptions import APIException, MethodNotAllowed
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from atender.api.filters import Filter, read_filters
from atender.api.models import ApiKey
from atender.api.pagination import CURSOR, LIMIT, NewestFirst
from atender.api.rates import TooManyRequests
from atender.api.unchanged import leave_out_known, tag_document, version_in

M = TypeVar("M", bound=Model)


class PreconditionFailed(APIException):
    """The client would change a version it has not read: the record is newer."""

    status_code = HTTPStatus.PRECONDITION_FAILED
    default_detail = (
        "The record has changed since you read it. Read it again, look at what changed, and send "
        "your change with the new ETag in If-Match."
    )


class WrongMethod(MethodNotAllowed):
    def __init__(self, method: str, allowed: Sequence[str]) -> None:
        super().__init__(
            method, f"{method[:20]} is not for this address; it takes {', '.join(allowed)}."
        )


class AlwaysJSON(DefaultContentNegotiation):
    """Answers have one form, whatever `Accept` says: a sentence in it beats an empty 406."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> Any:
        return renderers[0], renderers[0].media_type


class Resource(APIView):
    """An address of the API.

    A request is judged in this order: its key (401), the key's rate (429), the method (405), the
    record that the path names (404, whatever the key may do, so that nothing tells a stranger's id
    from an unknown one), the scope (403), the parameters after the "?" (400).
    """

    content_negotiation_class = AlwaysJSON
    # What the address takes after its "?", by method.
    filters: ClassVar[Mapping[str, Sequence[Filter]]] = {}
    # What the documentation shows as bodies, by method; several of them by name.
    examples: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    # Whether GET answers an `ETag`, and 304 to who sends it back as `If-None-Match`.
    has_version: ClassVar[bool] = False
    # The values of the filters, in `get` and its like.
    asked: dict[str, Any]

    def find(self, **ids: str) -> Any:
        """Return the record that the path names; raises Http404."""
        return None

    def filters_for(self, method: str) -> Sequence[Filter]:
        return self.filters.get("GET" if method == "HEAD" else method, ())

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.asked = read_filters(request.query_params, self.filters_for(str(request.method)))

    def perform_authentication(self, request: Request) -> None:
        super().perform_authentication(request)
        key = _key_or_none(request)
        if key and key.rate and key.rate.is_spent:
            raise TooManyRequests(key.rate)

    def check_permissions(self, request: Request) -> None:
        if _key_or_none(request):
            if str(request.method) not in self.allowed_methods:
                self.http_method_not_allowed(request)
            self.record = self.find(**self.kwargs)
        super().check_permissions(request)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        key = _key_or_none(request)
        if key and key.rate:
            self.headers.update(key.rate.headers())
        if response.status_code == HTTPStatus.CREATED and "Location" not in response:
            _locate(request.path, response)
        if "ETag" in response:
            tag_document(response)
            if self.has_version and request.method in ("GET", "HEAD"):
                leave_out_known(request, response)
        return super().finalize_response(request, response, *args, **kwargs)

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> NoReturn:
        raise WrongMethod(str(request.method), self.allowed_methods)

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """The `Allow` header says it all."""
        return Response(status=HTTPStatus.NO_CONTENT)


class Listing(Resource):
    """An address whose GET lists records, newest first and page by page."""

    pagination_class = NewestFirst

    def filters_for(self, method: str) -> Sequence[Filter]:
        own = super().filters_for(method)
        return (*own, LIMIT, CURSOR) if method in ("GET", "HEAD") else own

    def listed(self, rows: QuerySet[M], documents_of: Callable[[list[M]], Any]) -> Response:
        """Answer the page of `rows` that was asked for."""
        paginator = NewestFirst()
        page = paginator.paginate_queryset(rows, self.request, self)
        return paginator.get_paginated_response(documents_of(page))


def _locate(path: str, response: Any) -> None:
    """Say where the new record is read, if it has an address of its own."""
    try:
        where = f"{path}/{response.data['id']}"
        resolve(where)
    except (KeyError, TypeError, Resolver404):
        return
    response["Location"] = where


def _key_or_none(request: Any) -> ApiKey | None:
    user: Any = getattr(request, "user", None)
    return user if isinstance(user, ApiKey) else None


def etag_of(version: int) -> str:
    return f'"{version}"'


def check_precondition(request: Request, version: int) -> None:
    """Raise PreconditionFailed where `If-Match` names neither this version nor any.

    Call it under the record's lock, so that what was checked is what is changed.
    """
    wanted = request.headers.get("If-Match", "").strip()
    if not wanted or wanted == "*":
        return
    if etag_of(version) not in [version_in(tag.strip()) for tag in wanted.split(",")]:
        raise PreconditionFailed
