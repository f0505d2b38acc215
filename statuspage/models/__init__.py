from statuspage.models.access import Access, AllowedAddress, Visibility
from statuspage.models.branding import Branding, check_time_zone
from statuspage.models.domains import CustomDomain, DomainState, Finding
from statuspage.models.pictures import Picture
from statuspage.models.uptime import (
    AmendedPage,
    AmendmentWithdrawal,
    UptimeAmendment,
    UptimeDay,
    UptimeMark,
)
from statuspage.models.visits import PageViews
from statuspage.models.wordings import Wording

__all__ = [
    "Access",
    "AllowedAddress",
    "AmendedPage",
    "AmendmentWithdrawal",
    "Branding",
    "CustomDomain",
    "DomainState",
    "Finding",
    "PageViews",
    "Picture",
    "UptimeAmendment",
    "UptimeDay",
    "UptimeMark",
    "Visibility",
    "Wording",
    "check_time_zone",
]
