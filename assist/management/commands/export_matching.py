import json
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assist.models import Card, CardState
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import Incident

ADDRESS = re.compile(r"\S+@\S+")


class Command(BaseCommand):
    help = (
        "Write what staff decided about cards as labelled messages for evaluate_matching. "
        "Messages are customers' own words: keep the files as you keep those. "
        "Mail addresses are left out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("schema", help="the tenant's schema, as list_tenants shows it")
        parser.add_argument("--incidents", required=True, help="the file to write")
        parser.add_argument("--messages", required=True, help="the file to write")

    def handle(self, *args: Any, **options: Any) -> None:
        if not Tenant.objects.filter(schema_name=options["schema"]).exists():
            raise CommandError(f"There is no tenant with the schema '{options['schema']}'.")
        with in_tenant(options["schema"]):
            incidents = _write(options["incidents"], _incidents())
            messages = _write(options["messages"], _messages())
        self.stdout.write(f"{incidents} incidents and {messages} messages written.")


def _write(path: str, rows: Iterator[dict[str, Any]]) -> int:
    count = 0
    try:
        with Path(path).open("w", encoding="utf-8") as output:
            for row in rows:
                output.write(json.dumps(row, ensure_ascii=False) + "\n")
                count += 1
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
    return count


def _incidents() -> Iterator[dict[str, Any]]:
    """Those that a card was decided about, as a customer could read of them first."""
    decided = Card.objects.exclude(state=CardState.SHOWN).values("incident_id")
    for incident in Incident.objects.kept().filter(pk__in=decided).prefetch_related("components"):
        first = incident.updates.visible().first()
        yield {
            "id": incident.pk,
            "title": incident.title,
            "severity": incident.severity,
            "components": [component.name for component in incident.components.all()],
            "body": first.public_body if first else "",
        }


def _messages() -> Iterator[dict[str, Any]]:
    """One a message: confirmed cards are what it is about; dismissed alone, it is about nothing."""
    cards = Card.objects.exclude(state=CardState.SHOWN).exclude(message=None)
    rows: dict[str, dict[str, Any]] = {}
    for card in cards.filter(incident__deleted_at=None).select_related("message"):
        message = card.message
        assert message is not None
        row = rows.setdefault(
            message.pk,
            {
                "id": message.pk,
                "text": ADDRESS.sub("", message.text),
                "lang": message.language,
                "gold": [],
            },
        )
        if card.state == CardState.CONFIRMED:
            row["gold"].append(card.incident_id)
    yield from rows.values()
