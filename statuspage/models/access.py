"""Who may read a page, apart from whether it is meant for the public or for partners."""

from django.db import models
from django.db.models import Q

from atender.addresses import ADDRESS_LENGTH
from incidents.models import Page
from incidents.models.pages import Audience


class Visibility(models.TextChoices):
    OPEN = "open", "everybody"
    EMAIL = "email", "people on a list, by a link in a mail"
    PASSWORD = "password", "everybody who has the password"


class AccessQuerySet(models.QuerySet["Access"]):
    def public(self) -> "AccessQuerySet":
        """As `Access.is_public`."""
        return self.filter(visibility=Visibility.OPEN, page__audience=Audience.PUBLIC)

    def judging(self) -> "AccessQuerySet":
        """As `Access.judges`."""
        return self.filter(visibility=Visibility.EMAIL)


class Access(models.Model):
    page = models.OneToOneField(
        Page, on_delete=models.CASCADE, primary_key=True, related_name="access"
    )
    visibility = models.CharField(max_length=8, choices=Visibility.choices, default=Visibility.OPEN)
    # A hash, as of any password.
    password = models.CharField(max_length=128, blank=True)
    # Grows when what was handed out before must not open the page any more.
    version = models.PositiveIntegerField(default=1)

    objects = AccessQuerySet.as_manager()

    class Meta:
        verbose_name = "readers of a page"
        verbose_name_plural = "readers of pages"
        constraints = [
            models.CheckConstraint(
                name="access_by_password_has_one",
                condition=~Q(visibility="password") | ~Q(password=""),
            ),
        ]

    def __str__(self) -> str:
        return self.page.name

    @property
    def is_open(self) -> bool:
        return self.visibility == Visibility.OPEN

    @property
    def is_public(self) -> bool:
        """Whether everybody may know of the page: it is meant for everybody, and open."""
        return self.is_open and self.page.is_for_everybody

    @property
    def asks_password(self) -> bool:
        return self.visibility == Visibility.PASSWORD

    @property
    def judges(self) -> bool:
        """Whether it can tell one address from another."""
        return self.visibility == Visibility.EMAIL


class AllowedAddress(models.Model):
    """Who may read: an address, with a leading @ everybody of a domain, or for text messages a
    phone's number."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="allowed_addresses")
    pattern = models.CharField(max_length=ADDRESS_LENGTH)

    class Meta:
        ordering = ["pattern"]
        constraints = [
            models.UniqueConstraint(fields=["page", "pattern"], name="allowed_once_a_page"),
        ]

    def __str__(self) -> str:
        return self.pattern
