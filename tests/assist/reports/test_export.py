"""What staff decided, written out and judged anew by the matcher; it changes nothing here."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from assist.models import Card
from atender.tenants.models import Tenant
from tests.assist.conversations.making import hear, make_conversation
from tests.assist.reports.making import make_card, make_past

AT = timezone.now() - timedelta(days=2)


def export(folder: Path, schema: str = "acme") -> tuple[list[dict[str, object]], ...]:
    paths = folder / "incidents.jsonl", folder / "messages.jsonl"
    call_command(
        "export_matching", schema, incidents=str(paths[0]), messages=str(paths[1]), verbosity=0
    )
    return tuple([json.loads(line) for line in path.read_text().splitlines()] for path in paths)


def test_confirmed_is_gold_dismissed_is_none(
    acme: Tenant, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    incident = make_past(AT)
    texts = {
        "confirmed": "your api is super slow, write to maria@example.com",
        "dismissed": "how do I change my avatar",
    }
    for state, text in texts.items():
        message = hear(make_conversation(state), text)
        make_card(incident, AT, state=state, conversation=message.conversation)
        Card.objects.filter(conversation=message.conversation).update(message=message)
    make_card(incident, AT, state="shown")
    incidents, messages = export(tmp_path)
    assert [row["title"] for row in incidents] == [incident.title]
    assert {tuple(row["gold"]) for row in messages} == {(incident.pk,), ()}  # type: ignore[arg-type]
    assert "maria@" not in json.dumps(messages)
    call_command(
        "evaluate_matching",
        incidents=str(tmp_path / "incidents.jsonl"),
        messages=str(tmp_path / "messages.jsonl"),
        active="1",
        predictions=str(tmp_path / "predictions.jsonl"),
        summary=True,
    )
    said = capsys.readouterr().out
    assert "1 active: recall 1.000 (1 of 1), false alarms 0.000 (0 of 1)" in said


def test_no_such_tenant_no_such_folder(acme: Tenant, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no tenant"):
        export(tmp_path, "nobody")
    with pytest.raises(CommandError, match="cannot be written"):
        export(tmp_path / "nowhere")
