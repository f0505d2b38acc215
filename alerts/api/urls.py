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
from alerts.api.inbound import (
    Inbound,
    InboundSourceDetail,
    InboundSourceList,
    InboundSourceRenewal,
)
from alerts.inbound.receiving import FORMS

urlpatterns = [
    path("alerts", AlertList.as_view()),
    path("alerts/<ulid:alert_id>", AlertDetail.as_view()),
    path("alerts/<ulid:alert_id>/acknowledge", AlertAcknowledgement.as_view()),
    path("alerts/<ulid:alert_id>/resolve", AlertResolution.as_view()),
    path("alerts/<ulid:alert_id>/snooze", AlertSnoozing.as_view()),
    path("alerts/<ulid:alert_id>/notes", AlertNotes.as_view()),
    path("alerts/<ulid:alert_id>/create-incident", AlertPromotion.as_view()),
    path("inbound-sources", InboundSourceList.as_view()),
    path("inbound-sources/<ulid:source_id>", InboundSourceDetail.as_view()),
    path("inbound-sources/<ulid:source_id>/renew", InboundSourceRenewal.as_view()),
    *[path(f"inbound/<str:token>/{form}", Inbound.as_view(form=form)) for form in FORMS],
]
