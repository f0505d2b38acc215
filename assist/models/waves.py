from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from assist.models.conversations import Message
from assist.wave_timing import DISMISSED_FOR, LASTS
from atender.actors import ActedBy
from atender.ids import RecordId
from incidents.models import Incident, Page

LONGEST_CHECKED = 500


class WaveState(models.TextChoices):
    OPEN = "open", "open"
    DISMISSED = "dismissed", "dismissed"
    OPENED = "opened", "an incident was opened from it"
    EXPLAINED = "explained", "an incident that was opened otherwise is what it is about"


WITH_INCIDENT = (WaveState.OPENED, WaveState.EXPLAINED)


class WaveQuerySet(models.QuerySet["Wave"]):
    def to_be_seen(self, now: datetime) -> Self:
        """Those that staff should look at: undecided, with a recent complaint."""
        return self.filter(state=WaveState.OPEN, last_at__gt=now - LASTS)

    def explained(self, now: datetime) -> Self:
        """Recent ones that an open incident explains."""
        lately = self.filter(state=WaveState.EXPLAINED, last_at__gt=now - LASTS)
        return lately.filter(incident__in=Incident.objects.active())

    def taking_in(self, now: datetime) -> Self:
        """Those that a complaint may still join, whether staff have seen them or not.

        After a wave's incident is over, further complaints count as new.
        """
        goes_on = ~Q(state__in=WITH_INCIDENT) | Q(incident__in=Incident.objects.active())
        lately = Q(last_at__gt=now - LASTS) & goes_on
        quieted = Q(state=WaveState.DISMISSED, decided_at__gt=now - DISMISSED_FOR)
        return self.filter(lately | quieted)


class Wave(ActedBy):
    """The same new complaint from several customers; `by` is who decided about it.

    `subjects` and `symptoms` are what they have in common, by the names of the lexicon.
    """

    id = RecordId()
    subjects = ArrayField(models.CharField(max_length=40))
    symptoms = ArrayField(models.CharField(max_length=40))
    began_at = models.DateTimeField()
    last_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=WaveState.choices, default=WaveState.OPEN)
    decided_at = models.DateTimeField(null=True)
    incident = models.ForeignKey(
        Incident, null=True, on_delete=models.SET_NULL, related_name="waves"
    )
    # Staff rejected the incident it was attributed to: it is not attributed again.
    is_unexplained = models.BooleanField(default=False, db_default=False)

    objects = WaveQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["last_at"], name="wave_by_last_complaint")]
        constraints = [
            models.CheckConstraint(
                name="wave_is_decided_at_a_time",
                condition=Q(state="open", decided_at=None)
                | Q(state__in=["dismissed", "opened", "explained"], decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{', '.join(self.subjects)}: {', '.join(self.symptoms)}"


class Complaint(models.Model):
    """What a customer complained of that matched nothing open; kept for two days.

    The words are the message's, or `text`, without addresses, where a visitor asked on a page.
    `person` is a keyed hash: it tells customers apart and names nobody.
    """

    id = RecordId()
    message = models.OneToOneField(
        Message, null=True, on_delete=models.CASCADE, related_name="complaint"
    )
    page = models.ForeignKey(Page, null=True, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=LONGEST_CHECKED, blank=True)
    person = models.CharField(max_length=64)
    language = models.CharField(max_length=12)
    subjects = ArrayField(models.CharField(max_length=40))
    symptoms = ArrayField(models.CharField(max_length=40))
    heard_at = models.DateTimeField()
    # Whether it still has to be checked for being part of a wave.
    is_new = models.BooleanField(default=True)
    wave = models.ForeignKey(Wave, null=True, on_delete=models.SET_NULL, related_name="complaints")

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["heard_at"], name="complaint_by_time"),
            models.Index(fields=["id"], name="complaint_new", condition=Q(is_new=True)),
        ]
        constraints = [
            models.CheckConstraint(
                name="complaint_has_words_of_one_kind",
                condition=Q(message__isnull=False, page=None, text="")
                | Q(message=None, page__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{', '.join(self.subjects)}: {', '.join(self.symptoms)}"

    @property
    def words(self) -> str:
        return self.message.text if self.message else self.text
