"""`python -m tests.pictures [FOLDER]`: pages and screens as people see them, at every width.

The few that the documentation shows are written to `docs/pictures`, small, when FOLDER is `docs`.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.journey.conftest import CHROMIUM, QUIET, ROOT, Demo, running_demo
from tests.journey.test_main_job import sign_in

WIDTHS = (390, 768, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LANGUAGES = ("en", "ar")
LARGEST = 200_000


@dataclass
class Studio:
    demo: Demo
    page: Page
    folder: Path
    ids: dict[str, str] = field(default_factory=dict)

    def find_subjects(self) -> None:
        """Learn the ids of what there is to see."""
        host, key = self.demo.acme["console"], self.demo.acme["api_key"]
        _, found = self.demo.call(host, "/api/v1/incidents?status=active", key=key)
        by_severity = {each["severity"]: each["id"] for each in found["data"]}
        self.ids = {"incident": by_severity["major"], "maintenance": by_severity["maintenance"]}
        for name, path in (("schedule", "schedules"), ("policy", "escalation-policies")):
            _, found = self.demo.call(host, f"/api/v1/{path}", key=key)
            self.ids[name] = found["data"][0]["id"]
        asked = "/api/v1/conversations?open=true&handled_by=human&limit=200"
        _, talks = self.demo.call(host, asked, key=key)
        with_cards = [talk for talk in talks["data"] if talk["cards"]]
        self.ids["conversation"] = (with_cards or talks["data"])[0]["id"]

    def let_customers_write(self) -> None:
        self.page.goto(self.demo.at(self.demo.acme["console"], "/assist/chat/"))
        self.page.get_by_role("button", name="Send 50 customers").click()
        self.page.wait_for_load_state("networkidle")

    def public(self) -> Iterator[tuple[str, str]]:
        """Name and path of each public page."""
        yield "page", "/"
        yield "incident", f"/incidents/{self.ids['incident']}"
        yield "maintenance", f"/maintenance/{self.ids['maintenance']}"
        yield "history", "/history"
        yield "subscribe", "/#subscribe"

    def console(self) -> Iterator[tuple[str, str]]:
        """Name and path of the console's main screens."""
        incident = "/admin/incidents/incident"
        yield "now", "/admin/"
        yield "incidents", f"{incident}/?state=all"
        yield "new-incident", f"{incident}/add/"
        yield "workspace", f"{incident}/{self.ids['incident']}/change/"
        yield "maintenance-workspace", f"{incident}/{self.ids['maintenance']}/change/"
        yield "components", "/admin/incidents/component/"
        yield "subscribers", "/admin/subscribers/subscriber/"
        yield "on-call", "/on-call/"
        yield "schedule", f"/on-call/schedules/{self.ids['schedule']}/"
        yield "policy", f"/on-call/policies/{self.ids['policy']}/"
        yield "how-i-am-called", "/on-call/me/"
        yield "routing", "/on-call/routing/"
        yield "sidekick", "/sidekick/?show=waiting"
        yield "sidekick-conversation", f"/sidekick/{self.ids['conversation']}/"
        yield "branding", f"/admin/statuspage/branding/{self.demo.acme['page_id']}/change/"

    def take(self, name: str, address: str, *, whole: bool = True) -> bytes:
        """Take it in the window as it is, and keep the picture; returns the picture."""
        self.page.goto(address)
        self.page.wait_for_load_state("networkidle")
        self.open(address.partition("#")[2])
        path = self.folder / f"{name}.png"
        return self.page.screenshot(path=path, full_page=whole)

    def open(self, part: str) -> None:
        """Show a part of the page with all that is folded in it."""
        if part:
            self.page.eval_on_selector_all(f"#{part} details", "all => all.map(d => d.open = true)")
            self.page.eval_on_selector(f"#{part}", "part => part.scrollIntoView()")


def photograph(studio: Studio) -> None:
    acme = studio.demo.acme
    shown = [
        (f"{name}-{language}", acme["page"], spoken(path, language))
        for name, path in studio.public()
        for language in LANGUAGES
    ]
    shown += [(f"console-{name}", acme["console"], path) for name, path in studio.console()]
    shown.append(("help-desk", studio.demo.base.removeprefix("http://"), "/help-desk/"))
    for scheme in SCHEMES:
        for width in WIDTHS:
            studio.page.emulate_media(color_scheme=scheme)
            studio.page.set_viewport_size({"width": width, "height": 900})
            for name, host, path in shown:
                studio.take(
                    f"{name}-{width}-{scheme}", studio.demo.at(host, path), whole="#" not in path
                )


def spoken(path: str, language: str) -> str:
    """The path to a public page in a language."""
    place, hash_, part = path.partition("#")
    return f"{place}?lang={language}{hash_}{part}"


def illustrate(studio: Studio) -> None:
    """Take the pictures that the documentation shows."""
    acme, paths = studio.demo.acme, {**dict(studio.public()), **dict(studio.console())}
    for name, subject, host, width in (
        ("page", "page", acme["page"], 1080),
        ("console", "workspace", acme["console"], 1280),
    ):
        for scheme in SCHEMES:
            studio.page.emulate_media(color_scheme=scheme)
            studio.page.set_viewport_size({"width": width, "height": 860})
            address = studio.demo.at(host, paths[subject])
            picture = studio.take(f"{name}-{scheme}", address, whole=False)
            shrink(picture, studio.folder / f"{name}-{scheme}.png")


def shrink(picture: bytes, path: Path) -> None:
    """Keep it in as few colours as it needs, so that the repository stays small."""
    image = Image.open(BytesIO(picture)).convert("RGB")
    image.quantize(colors=128, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    if size > LARGEST:
        raise SystemExit(f"{path.name} has {size} bytes; at most {LARGEST} are allowed.")


def happen(demo: Demo) -> None:
    """Let today's incidents happen, past the API, which cannot tell when words were said."""
    postgres = [sys.executable, "-m", "atender.embedded", "url"]
    home = {**os.environ, "ATENDER_HOME": str(demo.home)}
    url = subprocess.run(postgres, cwd=ROOT, env=home, capture_output=True, check=True, text=True)
    environment = {
        **home,
        "DATABASE_URL": url.stdout.strip(),
        "ATENDER_SECRET_KEY": (demo.home / "secret-key").read_text().strip(),
        "ATENDER_DEMO": "1",
    }
    subprocess.run([sys.executable, "-m", "tests.pictures.outage"], env=environment, check=True)


def studio_in(browser: Browser, demo: Demo, folder: Path) -> Studio:
    page = browser.new_context(timezone_id="Europe/Berlin", locale="en-GB").new_page()
    sign_in(page, demo, demo.acme)
    studio = Studio(demo, page, folder)
    studio.let_customers_write()
    studio.find_subjects()
    return studio


def main() -> None:
    if CHROMIUM is None:
        raise SystemExit("Pictures are taken by Chromium, which is not installed.")
    wanted = sys.argv[1] if len(sys.argv) > 1 else "screenshots"
    is_for_docs = wanted == "docs"
    folder = ROOT / ("docs/pictures" if is_for_docs else wanted)
    folder.mkdir(parents=True, exist_ok=True)
    with running_demo() as demo, sync_playwright() as playwright:
        happen(demo)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        studio = studio_in(browser, demo, folder)
        if not is_for_docs:
            photograph(studio)
        illustrate(studio)
        browser.close()
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


if __name__ == "__main__":
    main()
