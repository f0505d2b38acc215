"""What the landing page of the demo shows, from the file that the demo wrote about itself."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

MESSAGE = "your api is super slow today"


def written() -> dict[str, Any] | None:
    """Read `demo.json`; None while the demo is being prepared."""
    try:
        content = json.loads((Path(settings.HOME) / "demo.json").read_text())
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) and content.get("tenants") else None


def landing_context() -> dict[str, Any]:
    demo = written()
    if demo is None:
        return {"demo": None}
    scheme = urlsplit(demo["base"]).scheme
    tenants = [_tenant(scheme, tenant) for tenant in demo["tenants"]]
    return {"demo": demo, "tenants": tenants, "steps": _steps(scheme, demo["tenants"][0])}


def _tenant(scheme: str, tenant: dict[str, Any]) -> dict[str, Any]:
    console, page = tenant["console"], tenant["page"]
    places = [("Status page", page, "/"), ("Console", console, "/admin/")]
    if tenant.get("partner_page"):
        places.append(("Page for partners", tenant["partner_page"], "/"))
    places += [("Customer chat", console, "/assist/chat/"), ("Sidekick", console, "/sidekick/")]
    places += [("Mailbox", console, "/mailbox/"), ("API documents", console, "/api/docs/")]
    links = [
        {"title": title, "url": f"{scheme}://{host}{path}", "shown": f"{host}{path}".rstrip("/")}
        for title, host, path in places
    ]
    name = tenant.get("name") or tenant["schema"].replace("_", " ").title()
    return {**tenant, "name": name, "links": links}


def _steps(scheme: str, tenant: dict[str, Any]) -> list[dict[str, str]]:
    console, page = f"{scheme}://{tenant['console']}", f"{scheme}://{tenant['page']}"
    return [
        {
            "title": "Open an incident and see the page change",
            "text": "Title it “API response times degraded”, choose major and the component API, "
            "and post. The status page shows it within a second.",
            "url": f"{console}/admin/",
            "go": "Open the console",
        },
        {
            "title": "Subscribe as a customer",
            "text": "Leave an address on the status page, then open the mailbox, and the link in "
            "the mail. Only the button behind it subscribes you.",
            "url": f"{page}/",
            "go": "Open the status page",
        },
        {
            "title": "Move it on with one click",
            "text": "The composer's first button is the next status. Twenty seconds later the "
            "subscriber has exactly one mail; until then you can undo it.",
            "url": f"{console}/mailbox/",
            "go": "Open the mailbox",
        },
        {
            "title": "Break the shop, and be called",
            "text": "Switch the shaky service to “It is broken”. Within 20 seconds its monitors "
            "find it: an incident opens by itself, the page says so, and whoever has the duty gets "
            "a mail with a link. Take it, mend the shop, and all of it ends by itself.",
            "url": f"{console}/shaky/",
            "go": "Open the switch",
        },
        {
            "title": "Ask what an agent would ask",
            "text": "A customer's own words find the incident, with the reasons; a question about "
            "avatars finds nothing.",
            "command": f"curl -s {console}/api/v1/assist/status_check \\\n"
            f"  -H 'Authorization: Bearer {tenant['api_key']}' \\\n"
            f"  -H 'Content-Type: application/json' \\\n"
            f'  -d \'{{"message": "{MESSAGE}"}}\'',
        },
        {
            "title": "Answer fifty customers",
            "text": "The customer chat lets fifty write at once. At the desk the cards are there: "
            "link, insert a reply, send. How any other help desk shows the same panel is seen "
            "here, under /help-desk/.",
            "url": f"{console}/sidekick/?show=match",
            "go": "Open Sidekick",
        },
        {
            "title": "Resolve it, and look from the other side",
            "text": "The component is operational again and one last mail goes out. The second "
            "company saw nothing of it, anywhere.",
            "command": f"curl -s {page}/api/v2/summary.json",
        },
    ]
