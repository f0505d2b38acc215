"""Imports staged items one after the other, each in a transaction of its own."""

import json
import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, transaction

from atender.refusals import Refused
from incidents.importing.incident_records import bring_incident
from incidents.importing.outcomes import Brought
from incidents.importing.parts import bring_component, bring_group
from incidents.importing.plain_text import storable
from incidents.importing.shapes import Remarks, Unreadable
from incidents.models import ImportedKind, ImportItem, ImportRun, Outcome

log = logging.getLogger(__name__)

BRINGERS: dict[str, Callable[..., Brought]] = {
    ImportedKind.GROUP: bring_group,
    ImportedKind.COMPONENT: bring_component,
    ImportedKind.INCIDENT: bring_incident,
    ImportedKind.MAINTENANCE: bring_incident,
}


@transaction.atomic
def bring_next(run: ImportRun) -> bool:
    """Import the next waiting item, all or nothing; False when there is none."""
    waiting = ImportItem.objects.select_for_update().filter(run=run, outcome=Outcome.WAITING)
    item = waiting.order_by("rank", "id").first()
    if item is None:
        return False
    brought = _bring(item, run)
    item.outcome, item.subject_id = brought.outcome, brought.subject_id
    item.remarks, item.text = storable("\n".join(brought.remarks)), ""
    item.save(update_fields=["outcome", "subject_id", "remarks", "text"])
    return True


def _bring(item: ImportItem, run: ImportRun) -> Brought:
    remarks = Remarks()
    try:
        with transaction.atomic():
            brought = BRINGERS[item.kind](
                json.loads(item.text), item=item, run=run, remarks=remarks
            )
    except (OperationalError, InterfaceError):
        # The database went away, which says nothing about the item: it keeps waiting.
        raise
    except Unreadable as error:
        return Brought(Outcome.SKIPPED, remarks=[str(error)])
    except Refused as refused:
        return Brought(Outcome.SKIPPED, remarks=[refused.sentence])
    except Exception:
        log.exception("%s %s cannot be imported", item.kind, item.external_id)
        return Brought(
            Outcome.SKIPPED, remarks=["It could not be brought in; the log of the server says why."]
        )
    brought.remarks = remarks.sentences
    return brought
