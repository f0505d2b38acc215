"""The console's screens of how a page looks and who may read it."""

from statuspage.admin.access import AccessAdmin
from statuspage.admin.branding import BrandingAdmin

__all__ = ["AccessAdmin", "BrandingAdmin"]
