"""Post-mortems of the demo's companies, written by the ordinary verbs."""

from datetime import datetime, timedelta
from typing import Any

from atender.actors import Actor
from atender.staff.models import User
from incidents.afterwards.follow_ups import add_follow_up, change_follow_up
from incidents.afterwards.post_mortems import publish_post_mortem, start_post_mortem
from incidents.models import Incident


def write_down(incident: Incident, entry: dict[str, Any], *, by: Actor, start: datetime) -> None:
    """Publish a post-mortem some days after its incident; follow-ups are dated from there."""
    at = start + timedelta(days=entry["days_after"])
    draft = start_post_mortem(incident, by=by, body=entry["text"].strip(), at=at)
    for noted in entry.get("follow_ups", ()):
        follow_up = add_follow_up(
            draft,
            noted["title"],
            by=by,
            owner=User.objects.filter(name=noted["by"]).first() or noted["by"],
            due_date=(at + timedelta(days=noted["due"])).date(),
            is_public=not noted.get("private", False),
            at=at,
        )
        if "done" in noted:
            done_at = at + timedelta(days=noted["done"])
            change_follow_up(follow_up, by=by, is_done=True, at=done_at)
    publish_post_mortem(draft, by=by, at=at)
