"""Places on console screens, filled by apps that the screen knows nothing of.

An app registers in `AppConfig.ready`: `register("incident.side", render_reach, order=20)`. The
screen shows what `render(place, request, subject)` returns, lowest order first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from atender.console.shield import shielded

Renderer = Callable[[HttpRequest, Any], str]

FAILED = (
    "This part could not be shown just now; the rest of the page is complete. Reload to try again."
)


@dataclass(frozen=True, slots=True)
class Panel:
    order: int
    name: str
    renderer: Renderer


_panels: dict[str, dict[str, Panel]] = {}


def register(place: str, renderer: Renderer, *, order: int = 50) -> None:
    """Show `renderer(request, subject)` at a place; "" shows nothing, text is escaped."""
    name = f"{renderer.__module__}.{renderer.__qualname__}"
    _panels.setdefault(place, {})[name] = Panel(order, name, renderer)


def unregister(place: str, renderer: Renderer) -> None:
    _panels.get(place, {}).pop(f"{renderer.__module__}.{renderer.__qualname__}", None)


def render(place: str, request: HttpRequest, subject: Any = None) -> list[SafeString]:
    """Render a place's panels; one that fails shows a sentence and the others stand."""
    panels = sorted(_panels.get(place, {}).values(), key=lambda panel: (panel.order, panel.name))
    rendered = (_render(panel, request, subject) for panel in panels)
    return [html for html in rendered if html]


def _render(panel: Panel, request: HttpRequest, subject: Any) -> SafeString:
    html = shielded(panel.name, lambda: panel.renderer(request, subject))
    if html is None:
        return format_html('<p class="panel-failed" role="status">{}</p>', FAILED)
    return conditional_escape(html)
