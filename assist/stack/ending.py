"""Tells open conversations that the agent stack handles that their incident is over, once each."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.db.models import Q, QuerySet
from django.utils import timezone

from assist.conversations.opening import touch
from assist.models import Author, Conversation, ConversationLink, HandledBy, Message, Purpose
from assist.stack.wording import over
from atender.due.work import cancel, schedule
from incidents.models import Incident, IncidentUpdate
from incidents.models.vocabulary import CLOSED, Kind, Status
from incidents.signals import Action, Change
from statuspage.access.listing import public_pages
from subscribers.deliveries.claims import ask_before_sending
from subscribers.models import Notice, NoticeKind, Verification

TELLING = "assist.tell_end"
TOLD_AT_ONCE = 200


def hear(change: Change) -> None:
    """Promise the telling, or take the promise back; only rows are written."""
    update = change.update
    if update is None:
        return
    if change.action == Action.RESOLVED:
        if update.notifies:
            schedule(TELLING, update.id, at=update.held_until)
    elif change.action == Action.WITHDRAWN:
        cancel(TELLING, update.id)


def tell_end(update_id: str) -> bool:
    """Write the last word into some conversations; returns whether there may be more."""
    update = IncidentUpdate.objects.kept().select_related("incident").filter(pk=update_id).first()
    if update is None or not _is_the_end(update):
        return False
    waiting = _to_be_told(update.incident).exclude(messages__update_id=update.id)
    conversations = list(waiting.order_by("id")[:TOLD_AT_ONCE])
    _write(conversations, update)
    return len(conversations) == TOLD_AT_ONCE


def _is_the_end(update: IncidentUpdate) -> bool:
    """Whether this update ended the incident for good, rather than cancelling it."""
    incident = update.incident
    is_last = update.changes_status and update.status in CLOSED - {Status.CANCELLED}
    return is_last and incident.is_closed and incident.deleted_at is None


def _to_be_told(incident: Incident) -> QuerySet[Conversation]:
    """Those linked to it that the stack handles, on whose pages it is published."""
    published = [page.id for page in incident.pages.all()]
    shown = Q(page_ids__overlap=published)
    if incident.pages.filter(pk__in=public_pages()).exists():
        shown |= Q(page_ids=[])
    open_ones = Conversation.objects.filter(handled_by=HandledBy.AI, is_open=True)
    return open_ones.filter(shown, links__incident=incident)


def _write(conversations: Sequence[Conversation], update: IncidentUpdate) -> None:
    """Of two workers at once one writes; who was told of this end is not told again."""
    incident, now = update.incident, timezone.now()
    is_maintenance = incident.kind == Kind.MAINTENANCE
    Message.objects.bulk_create(
        [
            Message(
                conversation=conversation,
                author=Author.AGENT,
                purpose=Purpose.RESOLVED,
                incident=incident,
                update_id=update.id,
                language=conversation.reply_language,
                text=over(
                    incident.title, conversation.reply_language, is_maintenance=is_maintenance
                ),
                created_at=now,
            )
            for conversation in conversations
        ],
        ignore_conflicts=True,
    )
    touch(*conversations)


@ask_before_sending
def told_in_conversation(notice: Notice, people: Mapping[str, str]) -> Collection[str]:
    """Return who needs no mail about the end, having just been told in their open conversation.

    Only if the address is surely the customer's; otherwise anybody could silence others' mails.
    """
    update = notice.update
    if notice.kind != NoticeKind.UPDATE or update is None or not _is_the_end(update):
        return ()
    theirs = Conversation.objects.of_customers(people.values())
    waiting = _to_be_told(update.incident).filter(pk__in=theirs)
    _write(list(waiting.exclude(messages__update_id=update.id)), update)
    heard = theirs.filter(messages__update_id=update.id)
    sure = Q(address_proved=True) | Q(pk__in=_confirmed_by_mail(update.incident, heard))
    rows = heard.filter(sure)
    told = {address.lower() for address in rows.values_list("customer_address", flat=True)}
    return {pk for pk, address in people.items() if address.lower() in told}


def _confirmed_by_mail(incident: Incident, told: QuerySet[Conversation]) -> set[str]:
    """The conversations of those told whose customer answered the mail that linking them caused.

    One question may stand for several conversations. Which of them its yes speaks for nobody
    knows, so it counts only if all were told: else a stranger's chat could silence the mail.
    """
    links = ConversationLink.objects.filter(incident=incident).exclude(question_id="")
    asked = set(links.filter(conversation__in=told).values_list("question_id", flat=True))
    answered = Verification.objects.filter(pk__in=asked, used_at__isnull=False)
    by_question: dict[str, set[str]] = defaultdict(set)
    shared = links.filter(question_id__in=list(answered.values_list("pk", flat=True)))
    for question_id, conversation_id in shared.values_list("question_id", "conversation_id"):
        by_question[question_id].add(conversation_id)
    heard = set(told.values_list("pk", flat=True))
    return {pk for ones in by_question.values() if ones <= heard for pk in ones}
