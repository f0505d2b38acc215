"""The console's lists of subscribers, of imported contacts, and of what was sent to whom."""

from subscribers.admin.contact_imports import ContactImportAdmin
from subscribers.admin.deliveries import DeliveryAdmin
from subscribers.admin.subscribers import SubscriberAdmin

__all__ = ["ContactImportAdmin", "DeliveryAdmin", "SubscriberAdmin"]
