"""Which addresses may read a page.

Only a list can tell: of a password and of a link that staff made nobody knows who has them, so
there every address may. `is_behind_list` and `is_on_list` judge rows, any number of them in one
statement; `may_be_told` judges an address in hand.
"""

from collections.abc import Iterable

from django.db.models import CharField, Exists, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, Lower

from incidents.models import Page
from statuspage.models import Access, AllowedAddress


def is_behind_list(page: str) -> Q:
    """The condition that a row's page is; `page` names the column. Read once a statement."""
    return Q(**{f"{page}__in": Access.objects.judging().values("page")})


def public_pages() -> QuerySet[Page]:
    """The pages that everybody may know of."""
    return Page.objects.filter(pk__in=Access.objects.public().values("page"))


def is_on_list(page: str, address: str) -> Q:
    """The condition that the list of a row's page names its address. An index look-up a row."""
    lower = Lower(OuterRef(address))
    # As `_patterns` has it.
    host = Func(lower, Value("@"), Value(2), function="split_part", output_field=CharField())
    domain = Concat(Value("@"), host)
    named = AllowedAddress.objects.filter(page=OuterRef(page), pattern__in=[lower, domain])
    return Q(Exists(named))


def may_be_told(page: Page, address: str) -> bool:
    """Whether what a page tells may be sent to an address. Two queries at most."""
    return not judges(page) or is_allowed(page, address)


def judges(page: Page) -> bool:
    """Whether a page is behind a list, so that it can tell one address from another."""
    return Access.objects.judging().filter(page=page).exists()


def is_allowed(page: Page, address: str) -> bool:
    """Whether the page's list names an address, or its domain."""
    return bool(allowed_among(page, [address]))


def allowed_among(page: Page, addresses: Iterable[str]) -> set[str]:
    """Return those of the addresses that the page's list names. One query."""
    patterns = {address: _patterns(address) for address in addresses}
    asked = {pattern for both in patterns.values() for pattern in both}
    rows = AllowedAddress.objects.filter(page=page, pattern__in=asked)
    named = set(rows.values_list("pattern", flat=True))
    return {address for address, both in patterns.items() if named.intersection(both)}


def _patterns(address: str) -> tuple[str, str]:
    lower = address.lower()
    return lower, "@" + lower.rpartition("@")[2]
