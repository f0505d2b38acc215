"""One worker per tenant looks at new complaints: some join a wave, some start one."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from assist.models import Complaint, Wave, WaveState
from assist.waves.detecting import (
    DAY,
    FEWEST,
    OUTGROWS,
    WINDOW,
    Report,
    best_of,
    essence,
    find_wave,
    is_same,
    people_in,
)
from assist.waves.explaining import explain
from assist.waves.noting import fault_of
from atender.actors import SCHEDULE, acted_by

# Few, so that a flood holds no lock for long, and little is done again where a worker dies.
LOOKED_AT_ONCE = 50
# However many write at once, no look costs more than these.
MOST_RECENT, MOST_EARLIER = 500, 2000
KEPT, WAVES_KEPT, MOST_KEPT = timedelta(hours=48), timedelta(days=7), 20_000


def watch(now: datetime) -> datetime | None:
    """Look at what is new; returns when to look again: at once, or when something is forgotten."""
    looked_at = look(now)
    forget(now)
    if looked_at == LOOKED_AT_ONCE:
        return now
    oldest = Complaint.objects.order_by("heard_at").values_list("heard_at", flat=True).first()
    wave = Wave.objects.order_by("last_at").values_list("last_at", flat=True).first()
    ends = [oldest and oldest + KEPT, wave and wave + WAVES_KEPT]
    return min((end for end in ends if end), default=None)


@transaction.atomic
def look(now: datetime) -> int:
    """Place each new complaint, in the order in which they came; returns how many there were."""
    new = Complaint.objects.select_for_update().filter(is_new=True).order_by("id")
    complaints = list(new[:LOOKED_AT_ONCE])
    for complaint in complaints:
        wave = _join(complaint)
        if wave is None:
            _gather(complaint, now)
        elif wave.state == WaveState.DISMISSED:
            _look_again(wave, complaint, now)
    Complaint.objects.filter(pk__in=[one.pk for one in complaints]).update(is_new=False)
    return len(complaints)


def _join(complaint: Complaint) -> Wave | None:
    waves = list(Wave.objects.taking_in(complaint.heard_at).select_for_update().order_by("-id"))
    faults = [fault_of(wave) for wave in waves]
    place = best_of(fault_of(complaint), faults)
    if place is None:
        return None
    if waves[place].state == WaveState.DISMISSED:
        # Where the same was seen anew since, it goes on there.
        newer = (n for n, one in enumerate(faults[:place]) if is_same(one, faults[place]))
        place = next(newer, place)
    wave = waves[place]
    wave.last_at = max(wave.last_at, complaint.heard_at)
    wave.save(update_fields=["last_at"])
    Complaint.objects.filter(pk=complaint.pk).update(wave=wave)
    return wave


def _gather(complaint: Complaint, now: datetime) -> None:
    members = _wave_in(_recent(complaint, Complaint.objects.filter(wave=None)), complaint)
    if members is not None:
        _raise(members, now)


def _look_again(wave: Wave, complaint: Complaint, now: datetime) -> None:
    """See what a dismissed wave took in as a new one where it is more, or other, than it was."""
    decided_at = wave.decided_at or wave.last_at
    since = wave.complaints.filter(heard_at__gt=decided_at)
    recent = _recent(complaint, since)
    if people_in(recent) < FEWEST:
        return
    before = wave.complaints.filter(heard_at__lte=decided_at)
    # All are counted, however few are compared with one another.
    if _customers(_in_window(complaint, since)) > OUTGROWS * _customers(before):
        _raise(recent, now)
        return
    members = _wave_in(recent, complaint)
    if members is not None and not is_same(essence(members), fault_of(wave)):
        _raise(members, now)


def _customers(complaints: QuerySet[Complaint]) -> int:
    return complaints.values("person").distinct().count()


def _in_window(complaint: Complaint, among: QuerySet[Complaint]) -> QuerySet[Complaint]:
    # Later complaints get a turn of their own.
    return among.filter(pk__lte=complaint.pk, heard_at__gt=complaint.heard_at - WINDOW)


def _recent(complaint: Complaint, among: QuerySet[Complaint]) -> list[Report]:
    return reports(_in_window(complaint, among).order_by("-id")[:MOST_RECENT])


def _wave_in(recent: Sequence[Report], complaint: Complaint) -> list[Report] | None:
    at = complaint.heard_at
    newest = next((one for one in recent if one.key == complaint.pk), None)
    if newest is None or people_in(recent) < FEWEST:
        return None
    # Complaints that led to an incident do not belong to an ordinary day.
    before = Complaint.objects.filter(heard_at__range=(at - DAY, at - WINDOW), wave__incident=None)
    earlier = reports(before.order_by("-id")[:MOST_EARLIER])
    since = min([one.at for one in earlier], default=at)
    return find_wave(newest, recent, earlier, since=since)


def _raise(members: Sequence[Report], now: datetime) -> None:
    common = essence(members)
    wave = Wave.objects.create(
        subjects=list(common.subjects),
        symptoms=list(common.symptoms),
        began_at=min(one.at for one in members),
        last_at=max(one.at for one in members),
        **acted_by(SCHEDULE),
    )
    Complaint.objects.filter(pk__in=[one.key for one in members]).update(wave=wave)
    # It may have been opened since they complained, when there was no wave to put down to it.
    explain(wave, at=now)


def forget(now: datetime) -> None:
    Complaint.objects.filter(heard_at__lte=now - KEPT).delete()
    beyond = Complaint.objects.order_by("-id").values_list("pk", flat=True)[MOST_KEPT:]
    Complaint.objects.filter(pk__in=list(beyond[:MOST_KEPT])).delete()
    Wave.objects.filter(last_at__lte=now - WAVES_KEPT).delete()


def reports(complaints: Iterable[Complaint]) -> list[Report]:
    return [Report(one.pk, one.person, one.heard_at, fault_of(one)) for one in complaints]
