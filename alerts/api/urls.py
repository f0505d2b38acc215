from django.urls import path

from alerts.api.alerts import (
    AlertAcknowledgement,
    AlertDetail,
    AlertList,
    AlertNotes,
    AlertPromotion,
    AlertResolution,
    AlertSnoozing,
)

urlpatterns = [
    path("alerts", AlertList.as_view()),
    path("alerts/<ulid:alert_id>", AlertDetail.as_view()),
    path("alerts/<ulid:alert_id>/acknowledge", AlertAcknowledgement.as_view()),
    path("alerts/<ulid:alert_id>/resolve", AlertResolution.as_view()),
    path("alerts/<ulid:alert_id>/snooze", AlertSnoozing.as_view()),
    path("alerts/<ulid:alert_id>/notes", AlertNotes.as_view()),
    path("alerts/<ulid:alert_id>/create-incident", AlertPromotion.as_view()),
]
