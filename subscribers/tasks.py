from datetime import datetime

from django.utils import timezone

from atender.due.work import Lease, handles
from subscribers import fanout
from subscribers.calls import trials
from subscribers.deliveries.forgetting import FORGETTING, forget_old_deliveries
from subscribers.deliveries.lanes import CALLS, MAILS, TEXTS
from subscribers.importing import runs
from subscribers.notices.telling import NOTICE
from subscribers.people import verification
from subscribers.people.endpoints import TRIAL
from subscribers.people.enrolment import VERIFICATION_KIND


@handles(NOTICE)
def expand_notice(key: str, _lease: Lease) -> datetime | None:
    fanout.expand(key)
    return None


@handles(MAILS.kind)
def deliver_mails(key: str, lease: Lease) -> datetime | None:
    return fanout.deliver(key, lease)


@handles(CALLS.kind)
def call_endpoints(key: str, lease: Lease) -> datetime | None:
    return fanout.deliver(key, lease, CALLS)


@handles(TEXTS.kind)
def send_texts(key: str, lease: Lease) -> datetime | None:
    return fanout.deliver(key, lease, TEXTS)


@handles(TRIAL)
def send_trial(key: str, _lease: Lease) -> datetime | None:
    return trials.send(key)


@handles(VERIFICATION_KIND)
def ask_for_proof(key: str, _lease: Lease) -> datetime | None:
    return verification.ask(key)


@handles(runs.IMPORT)
def import_contacts(key: str, lease: Lease) -> datetime | None:
    return runs.work_off(key, lease)


@handles(FORGETTING)
def forget_deliveries(_key: str, _lease: Lease) -> datetime | None:
    return forget_old_deliveries(timezone.now())
