"""The console's screens of how a page looks and who may read it."""

from statuspage.admin.access import AccessAdmin
from statuspage.admin.branding import BrandingAdmin
from statuspage.admin.uptime import UptimeAmendmentAdmin
from statuspage.admin.wordings import WordingAdmin

__all__ = ["AccessAdmin", "BrandingAdmin", "UptimeAmendmentAdmin", "WordingAdmin"]
