from statuspage.models.access import Access, AllowedAddress, Visibility
from statuspage.models.branding import Branding, check_time_zone
from statuspage.models.pictures import Picture
from statuspage.models.wordings import Wording

__all__ = [
    "Access",
    "AllowedAddress",
    "Branding",
    "Picture",
    "Visibility",
    "Wording",
    "check_time_zone",
]
