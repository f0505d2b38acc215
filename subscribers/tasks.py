from datetime import datetime

from atender.due.work import Lease, handles
from subscribers import fanout, verification
from subscribers.enrolment import VERIFICATION_KIND
from subscribers.importing import runs
from subscribers.telling import NOTICE


@handles(NOTICE)
def expand_notice(key: str, _lease: Lease) -> datetime | None:
    fanout.expand(key)
    return None


@handles(fanout.DELIVER)
def deliver_notice(key: str, lease: Lease) -> datetime | None:
    return fanout.deliver(key, lease)


@handles(VERIFICATION_KIND)
def ask_for_proof(key: str, _lease: Lease) -> datetime | None:
    return verification.ask(key)


@handles(runs.IMPORT)
def import_contacts(key: str, lease: Lease) -> datetime | None:
    return runs.work_off(key, lease)
