from statuspage.models.branding import Branding, check_time_zone
from statuspage.models.pictures import Picture

__all__ = ["Branding", "Picture", "check_time_zone"]
