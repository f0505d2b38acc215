"""The zone in which a person reads and writes the console's times."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from atender.staff.models import User
from atender.staff.session import person_of
from atender.zones import zone_named

UTC = "UTC"
_usual: list[Callable[[], str]] = []


def register_usual(find: Callable[[], str]) -> None:
    """Say how the tenant's own zone is found, for those who chose none; "" where there is none."""
    _usual[:] = [find]


def usual_zone() -> str:
    return next((name for find in _usual if (name := find())), UTC)


def zone_of(person: User | None) -> ZoneInfo:
    """The zone in which a person reads times: their own, else the tenant's."""
    return ZoneInfo((person and person.time_zone) or usual_zone())


def with_zones(people: Iterable[User]) -> Iterator[tuple[User, ZoneInfo]]:
    """Each person with the zone of `zone_of`; one query at most, however many they are."""
    usual = cache(usual_zone)
    for person in people:
        yield person, ZoneInfo(person.time_zone or usual())


def choose_zone(user: User, name: str) -> User:
    """Keep a person's zone; "" follows the tenant's. Raises Refused."""
    if name:
        zone_named(name)
    user.time_zone = name
    user.save(update_fields=["time_zone"])
    return user


class ZoneMiddleware:
    """Show the console's times in the zone of whoever is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self._is_read_by_staff(request):
            return self.get_response(request)
        with timezone.override(zone_of(person_of(request))):
            return self.get_response(request)

    def _is_read_by_staff(self, request: HttpRequest) -> bool:
        """Programs bring a key and visitors no session: they cost no query, and read UTC."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return False
        return "Authorization" not in request.headers and bool(request.user.is_authenticated)
