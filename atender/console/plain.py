"""Pages of the console for people who are not signed in."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def plain_context(request: HttpRequest, *, title: str) -> dict[str, Any]:
    return {**admin.site.each_context(request), "title": title}


def plain_page(
    request: HttpRequest, template: str, *, title: str, status: int = 200, **context: Any
) -> HttpResponse:
    return render(
        request, template, {**plain_context(request, title=title), **context}, status=status
    )
