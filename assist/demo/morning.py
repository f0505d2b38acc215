"""An ordinary morning's conversations, and the help desk that shows the side panel."""

import random
from datetime import datetime

from assist.conversations.sources import add_source, change_source
from assist.demo.wave import send_customers
from assist.models import ConversationSource
from atender.actors import OPERATOR
from atender.tenants.links import url_of
from atender.tenants.models import Tenant

HELP_DESK = "Demo help desk"
ORDINARY = 9


def seed(tenant: Tenant, *, now: datetime) -> None:
    """Let some customers write about anything; nothing is open, so nobody is answered."""
    send_customers(ORDINARY, chance=random.Random(tenant.schema_name))  # noqa: S311


def go_on(_tenant: Tenant) -> None:
    """Let the help desk of the landing page frame the panel, whatever the port is this time."""
    origins = [url_of("127.0.0.1"), url_of("localhost")]
    source = ConversationSource.objects.filter(name=HELP_DESK).first()
    if source is None:
        add_source(HELP_DESK, by=OPERATOR, frame_origins=origins)
    elif source.frame_origins != origins:
        change_source(source, by=OPERATOR, frame_origins=origins)
