"""The slash command's answers, in Slack's mark-up, with people's own text escaped."""

from alerts.channels.payloads import escaped
from alerts.models import Alert, AlertStatus
from alerts.slack.reading import reference_of
from atender.tenants.links import console_url
from incidents.models import Incident
from incidents.models.vocabulary import ResponderStatus

__all__ = ["USAGE", "escaped", "line_of", "link_to"]

USAGE = """\
*{command} list* – what is open, and who has it
*{command} open* [minor|major|critical] _title_ – opens an internal incident
*{command} update* [_reference_] [investigating|identified|monitoring] _text_
*{command} resolve* [_reference_] [_text_]
*{command} ack* [_reference_] – you have it, and nobody else is called
A reference such as `3M9QXD` stands in the list; leave it out where one thing alone is open.
What you post to a published incident is public."""


def link_to(record: Incident | Alert) -> str:
    if isinstance(record, Incident):
        path, title = f"incidents/incident/{record.pk}", record.title
    else:
        path, title = f"alerts/alert/{record.pk}", record.summary
    # A bar would end the address.
    return f"<{console_url(f'/admin/{path}/change/')}|{escaped(title).replace('|', '¦')}>"


def line_of(record: Incident | Alert) -> str:
    """One line of the list: what it is called, how far it is, who has it."""
    if isinstance(record, Incident):
        is_taken = record.responder_status == ResponderStatus.ACKNOWLEDGED
        facts = [record.get_severity_display() or "No severity", record.get_status_display()]
    else:
        is_taken = record.status == AlertStatus.ACKNOWLEDGED
        facts = ["Alert", record.get_severity_display()]
    who = (record.acknowledged_by_name or "somebody") if is_taken else "nobody"
    said = f"{', '.join(facts)}, {escaped(who)} has it"
    return f"`{reference_of(record.pk)}` {link_to(record)} – {said}"
