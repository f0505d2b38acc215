import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from atender.actors import OPERATOR
from atender.own_key import refuse_missing_secrets
from atender.refusals import Refused
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.importing.documents import (
    Busy,
    Documents,
    FolderDocuments,
    PageDocuments,
    address_of_page,
    check_folder,
)
from incidents.importing.progress import Progress, summary_lines
from incidents.importing.runs import Held, hold, release, start_import, work
from incidents.models import ImportRun, ImportState, Page

TELL_EVERY_S = 1.0


class Command(BaseCommand):
    help = "Bring another page's components and history in, from its public JSON API v2."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", help="the page's address, or a folder of saved .json files")
        parser.add_argument("--tenant", required=True, help="schema of the tenant it is for")
        parser.add_argument("--page", default="", help="short name of the page; else the default")
        parser.add_argument(
            "--closed-only", action="store_true", help="leave out what is still open there"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        refuse_missing_secrets()
        schema = options["tenant"]
        if not Tenant.objects.filter(schema_name=schema).exists():
            raise CommandError(f"There is no tenant '{schema}'; list_tenants names them.")
        with in_tenant(schema):
            try:
                run, documents = self._start(**options)
                hold(run)
            except Refused as refused:
                raise CommandError(refused.sentence) from refused
            except Held as held:
                raise CommandError(
                    f"This import is at work elsewhere; free at {held.until:%H:%M:%S} UTC."
                ) from held
            try:
                with documents:
                    self._work(run, documents)
            finally:
                release(run)
            self._sum_up(run)

    def _start(
        self, *, source: str, page: str, closed_only: bool, **_: Any
    ) -> tuple[ImportRun, Documents]:
        documents: Documents
        if Path(source).is_dir() or source.startswith(("/", ".")):
            address = str(check_folder(Path(source)))
            documents = FolderDocuments(Path(address))
        else:
            address = address_of_page(source)
            documents = PageDocuments(address)
        run = start_import(address, page=_page(page), by=OPERATOR, includes_open=not closed_only)
        return run, documents

    def _work(self, run: ImportRun, documents: Documents) -> None:
        told_at = 0.0
        is_going = True
        while is_going:
            try:
                is_going = work(run, documents)
            except Busy as busy:
                self.stdout.write(f"{busy.sentence} Waiting {busy.wait_s:g} seconds.")
                time.sleep(busy.wait_s)
            if time.monotonic() - told_at > TELL_EVERY_S:
                told_at = time.monotonic()
                self.stdout.write(Progress.of(run).sentence)

    def _sum_up(self, run: ImportRun) -> None:
        run.refresh_from_db()
        for line in summary_lines(run):
            self.stdout.write(line)
        if run.state != ImportState.DONE:
            raise CommandError(run.remarks or f"The import was {run.get_state_display().lower()}.")


def _page(slug: str) -> Page:
    pages = Page.objects.filter(slug=slug) if slug else Page.objects.filter(is_default=True)
    page = pages.first()
    if page is None:
        known = ", ".join(Page.objects.values_list("slug", flat=True))
        raise Refused(f"There is no page '{slug}'; the pages are {known}.", field="page")
    return page
