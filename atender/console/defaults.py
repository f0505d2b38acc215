"""The settings of the console's theme, included by `atender.settings`."""

from typing import Any

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "atender.console.theme.tenant_name",
    "SITE_HEADER": "atender.console.theme.tenant_name",
    "SITE_SUBHEADER": "Incidents",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": "atender.console.theme.mark"}
    ],
    "SITE_SYMBOL": "monitor_heart",
    "SITE_URL": None,
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": False,
    "STYLES": ["atender.console.theme.stylesheet"],
    "SIDEBAR": {"navigation": "atender.console.navigation.sidebar"},
    "COLORS": {
        "primary": {
            "50": "#eef4ff",
            "100": "#dbe6fe",
            "200": "#bfd3fe",
            "300": "#93b4fd",
            "400": "#608bfa",
            "500": "#3b66f6",
            "600": "#2549eb",
            "700": "#1d37d8",
            "800": "#1e2faf",
            "900": "#1e2e8a",
            "950": "#171e54",
        }
    },
}
