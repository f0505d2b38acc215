import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from assist.confirmation import analyze
from assist.management.commands.evaluate_matching import rows


class Command(BaseCommand):
    help = "Judge labelled replies with the built-in analyzer; write the predictions."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--replies", required=True, help="JSON lines: id, text, lang")
        parser.add_argument("--predictions", required=True, help="the file to write")

    def handle(self, *args: Any, **options: Any) -> None:
        replies = rows(options["replies"])
        with Path(options["predictions"]).open("w", encoding="utf-8") as output:
            for reply in replies:
                label = analyze(reply["text"], language=reply.get("lang"))
                output.write(json.dumps({"id": reply["id"], "label": str(label)}) + "\n")
        self.stdout.write(f"{len(replies)} predictions written to {options['predictions']}")
