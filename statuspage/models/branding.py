"""How a page looks and speaks; its identity is `incidents.Page`."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from incidents.models import Page
from incidents.models.vocabulary import ComponentStateName as State
from statuspage.models.pictures import Picture
from statuspage.uptime import DOWN_SHARE, MAINTENANCE_IS_DOWN


def check_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(
            f"'{name}' is no time zone; an example is Europe/Lisbon.", code="invalid"
        )


def check_language(code: str) -> None:
    if code not in dict(settings.LANGUAGES):
        known = ", ".join(dict(settings.LANGUAGES))
        raise ValidationError(f"'{code}' is no language of pages; they are {known}.")


class Branding(models.Model):
    page = models.OneToOneField(
        Page, on_delete=models.CASCADE, primary_key=True, related_name="branding"
    )
    title = models.CharField(
        max_length=120, blank=True, help_text="Empty: the page's name, followed by 'status'."
    )
    description = models.CharField(max_length=500, blank=True)
    primary_colour = models.CharField(
        max_length=7,
        default="#1d37d8",
        validators=[
            RegexValidator(r"^#[0-9a-f]{6}\Z", "A colour is # and six digits, as in #1d37d8.")
        ],
    )
    time_zone = models.CharField(max_length=64, default="UTC", validators=[check_time_zone])
    # What visitors read who ask for none of the page's languages, and all where it has one.
    language = models.CharField(max_length=12, default="en", validators=[check_language])
    further_languages = ArrayField(
        models.CharField(max_length=12, validators=[check_language]), default=list, blank=True
    )
    recency_days = models.PositiveSmallIntegerField(
        "recent incidents",
        default=7,
        help_text="For how many days resolved incidents stay on the front page.",
    )
    history_days = models.PositiveSmallIntegerField(
        "history", default=365, help_text="For how many days incidents stay in the history."
    )
    logo = models.ForeignKey(
        Picture, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    favicon = models.ForeignKey(
        Picture, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    support_url = models.URLField("support", blank=True)
    imprint_url = models.URLField("imprint", blank=True)
    privacy_url = models.URLField("privacy", blank=True)
    takes_subscribers = models.BooleanField(
        "new subscribers",
        default=True,
        help_text="Off: no form and no button; whoever is subscribed already keeps getting mails, "
        "and the links in them.",
    )
    takes_questions = models.BooleanField(
        "“is it just me?”",
        default=True,
        help_text="A form that tells visitors which open incident fits what they see; what fits "
        "none may become a wave. Off: no link, and no form.",
    )
    counts_maintenance_as_up = models.BooleanField(
        "planned maintenance counts as up",
        default=True,
        help_text="Off: time under maintenance lowers the uptime figures as a major outage does.",
    )
    # Components whose latency the page shows; what the page no longer lists is passed over.
    latency_of = ArrayField(
        models.CharField(max_length=26), default=list, db_default=[], blank=True
    )
    shows_powered_by = models.BooleanField(
        "say what the page runs on",
        default=True,
        help_text="One quiet line at the end of the page.",
    )
    # The host in the ids of feeds' entries: that of the page's first day, whatever it moves to.
    feed_host = models.CharField(max_length=253, blank=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "brandings"
        constraints = [
            models.CheckConstraint(
                name="branding_colour_is_a_colour",
                condition=Q(primary_colour__regex=r"^#[0-9a-f]{6}$"),
            ),
            models.CheckConstraint(
                name="branding_history_outlasts_recency",
                condition=Q(history_days__gte=models.F("recency_days")) & Q(history_days__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return self.shown_title

    @property
    def shown_title(self) -> str:
        return self.title or _("%(name)s status") % {"name": self.page.name}

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which the page is to be had; the first is its default."""
        further = (code for code, _name in settings.LANGUAGES if code in self.further_languages)
        return (self.language, *(code for code in further if code != self.language))

    @property
    def down_share(self) -> Mapping[State, float]:
        """How far each state counts as down in the page's figures."""
        return DOWN_SHARE if self.counts_maintenance_as_up else MAINTENANCE_IS_DOWN

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def zone_words(self) -> str:
        """The zone as people read it: “America/New York”."""
        return self.time_zone.replace("_", " ")
