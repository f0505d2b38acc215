from statuspage.models.access import Access, AllowedAddress, Visibility
from statuspage.models.branding import Branding, check_time_zone
from statuspage.models.pictures import Picture

__all__ = [
    "Access",
    "AllowedAddress",
    "Branding",
    "Picture",
    "Visibility",
    "check_time_zone",
]
