"""What the console's own screens are answered with."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse


def screen(
    request: HttpRequest, template: str, *, title: str, status: int = 200, **context: Any
) -> TemplateResponse:
    """Answer with one of the console's own screens."""
    everywhere = admin.site.each_context(request)
    return TemplateResponse(
        request, template, {**everywhere, "title": title, **context}, status=status
    )
