"""The console's screens of how a page looks, who may read it and under which domains."""

from statuspage.admin.access import AccessAdmin
from statuspage.admin.branding import BrandingAdmin
from statuspage.admin.domains import CustomDomainAdmin
from statuspage.admin.uptime import UptimeAmendmentAdmin
from statuspage.admin.wordings import WordingAdmin

__all__ = [
    "AccessAdmin",
    "BrandingAdmin",
    "CustomDomainAdmin",
    "UptimeAmendmentAdmin",
    "WordingAdmin",
]
