from django.urls import path, register_converter
from django.urls.converters import get_converters

from atender.ids import ULIDConverter
from subscribers.api.contact_imports import ImportDetail, ImportList
from subscribers.api.deliveries import DeliveryList, Replay
from subscribers.api.endpoints import SecretRotation, Trial
from subscribers.api.subscribers import Erasing, SubscriberDetail, SubscriberList

if "ulid" not in get_converters():
    register_converter(ULIDConverter, "ulid")

urlpatterns = [
    path("subscribers", SubscriberList.as_view()),
    path("subscribers/<ulid:subscriber_id>", SubscriberDetail.as_view()),
    path("subscribers/<ulid:subscriber_id>/rotate-secret", SecretRotation.as_view()),
    path("subscribers/<ulid:subscriber_id>/test", Trial.as_view()),
    path("subscribers/erase", Erasing.as_view()),
    path("subscribers/import", ImportList.as_view()),
    path("subscribers/import/<ulid:import_id>", ImportDetail.as_view()),
    path("deliveries", DeliveryList.as_view()),
    path("deliveries/<ulid:delivery_id>/replay", Replay.as_view()),
]
