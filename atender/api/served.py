"""The OpenAPI document served: made once in each process, since making it takes seconds."""

import hashlib
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import condition, require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer

YAML = "application/vnd.oai.openapi"
JSON = "application/vnd.oai.openapi+json"


@cache
def document(media_type: str) -> tuple[bytes, str]:
    """Return the document and its ETag; it is the same for every tenant."""
    generator: Any = SchemaGenerator(urlconf="atender.urls.api")  # type: ignore[no-untyped-call]
    schema = generator.get_schema(request=None, public=True)
    renderer = OpenApiJsonRenderer() if media_type == JSON else OpenApiYamlRenderer()
    body = renderer.render(schema, renderer_context={})
    return body, f'"{hashlib.sha256(body).hexdigest()[:16]}"'


def wanted(request: HttpRequest) -> str:
    """JSON where it is asked for, by `?format=json` or `Accept`; else YAML."""
    is_json = request.GET.get("format") == "json" or "json" in request.headers.get("Accept", "")
    return JSON if is_json else YAML


@require_safe
@condition(etag_func=lambda request: document(wanted(request))[1])
def schema(request: HttpRequest) -> HttpResponse:
    media_type = wanted(request)
    name = "atender.json" if media_type == JSON else "atender.yaml"
    return HttpResponse(
        document(media_type)[0],
        content_type=media_type,
        headers={"Content-Disposition": f'inline; filename="{name}"', "Vary": "Accept"},
    )
