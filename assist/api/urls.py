from django.urls import path

from assist.api.conversations import ConversationDetail, ConversationList
from assist.api.inbound import InboundConversations
from assist.api.links import CardDismissal, CardList, ConversationLinking, SuggestedReply
from assist.api.messages import MessageList
from assist.api.outgoing import OutgoingDelivery, OutgoingList
from assist.api.receipts import ReceiptDetail, ReceiptDrawing, ReceiptHiding, ReceiptSharing
from assist.api.reports import IncidentReportDetail, ReportDetail
from assist.api.settings import AssistSettingsDetail
from assist.api.sources import SourceDetail, SourceList, SourceRotation
from assist.api.tools import StatusCheck, StatusSubscribe, Tools
from assist.api.waves import WaveDismissal, WaveList, WavePromotion

CONVERSATION = "conversations/<ulid:conversation_id>"
RECEIPT = "incidents/<ulid:incident_id>/receipt"
SOURCE = "conversation-sources"

urlpatterns = [
    path("assist/status_check", StatusCheck.as_view()),
    path("assist/status_subscribe", StatusSubscribe.as_view()),
    path("assist/tools", Tools.as_view()),
    path("assist/settings", AssistSettingsDetail.as_view()),
    path("reports", ReportDetail.as_view()),
    path("incidents/<ulid:incident_id>/report", IncidentReportDetail.as_view()),
    path(RECEIPT, ReceiptDetail.as_view()),
    path(f"{RECEIPT}/draw", ReceiptDrawing.as_view()),
    path(f"{RECEIPT}/share", ReceiptSharing.as_view()),
    path(f"{RECEIPT}/stop-sharing", ReceiptHiding.as_view()),
    path("conversations", ConversationList.as_view()),
    path(CONVERSATION, ConversationDetail.as_view()),
    path(f"{CONVERSATION}/messages", MessageList.as_view()),
    path(f"{CONVERSATION}/link", ConversationLinking.as_view()),
    path(f"{CONVERSATION}/suggested-reply", SuggestedReply.as_view()),
    path(f"{CONVERSATION}/cards", CardList.as_view()),
    path(f"{CONVERSATION}/dismiss", CardDismissal.as_view()),
    path("outgoing-messages", OutgoingList.as_view()),
    path("outgoing-messages/<ulid:message_id>/delivered", OutgoingDelivery.as_view()),
    path("waves", WaveList.as_view()),
    path("waves/<ulid:wave_id>/dismiss", WaveDismissal.as_view()),
    path("waves/<ulid:wave_id>/create-incident", WavePromotion.as_view()),
    path(SOURCE, SourceList.as_view()),
    path(f"{SOURCE}/<ulid:source_id>", SourceDetail.as_view()),
    path(f"{SOURCE}/<ulid:source_id>/rotate-secret", SourceRotation.as_view()),
    path(f"{SOURCE}/<ulid:source_id>/inbound", InboundConversations.as_view()),
]
