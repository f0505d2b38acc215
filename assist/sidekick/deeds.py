"""The actions of a card, at the desk and in the panel alike, and their messages."""

from collections.abc import Callable

from assist.conversations.cards import dismiss_card, restore_card
from assist.conversations.linking import link_and_subscribe, page_for, unlink
from assist.models import Conversation
from atender.actors import Actor
from incidents.models import Incident
from subscribers.people.vouching import Proof

# By the name under which an address carries it; the first part of each is what was done.
SAID = {
    "told": "Linked. The customer will be told by mail.",
    "asked": "Linked. The customer was asked by mail whether updates are wanted.",
    "linked": "Linked. Without an address nobody was subscribed.",
    "over": "Linked. It is over, so nobody was subscribed.",
    "internal": "Linked. The customer's pages do not show it, so nobody was subscribed.",
    "unlinked": "The link is undone.",
    "no-link": "There was no link to undo.",
    "dismissed": "Dismissed: not about this.",
    "restored": "The card is back.",
    "sent": "Sent.",
    "closed": "Closed. A new message opens it again.",
    "opened": "Open again.",
    "seen": "",
    "wave-opened": "Opened as an internal incident, with its conversations linked.",
    "wave-dismissed": "Dismissed. The same complaint stays quiet for six hours, "
    "unless far more customers write.",
    "wave-restored": "The dismissal is undone.",
}


def link(conversation: Conversation, incident: Incident, by: Actor) -> str:
    linked = link_and_subscribe(conversation, incident, by=by)
    if linked.is_subscribed:
        return "told" if linked.verification == Proof.NOT_NEEDED else "asked"
    if incident.is_closed:
        return "over"
    return "linked" if page_for(conversation, incident) else "internal"


def undo_link(conversation: Conversation, incident: Incident, by: Actor) -> str:
    return "unlinked" if unlink(conversation, incident, by=by) else "no-link"


def dismiss(conversation: Conversation, incident: Incident, by: Actor) -> str:
    dismiss_card(conversation, incident, by=by)
    return "dismissed"


def restore(conversation: Conversation, incident: Incident, by: Actor) -> str:
    restore_card(conversation, incident, by=by)
    return "restored"


Deed = Callable[[Conversation, Incident, Actor], str]
DEEDS: dict[str, Deed] = {
    "link": link,
    "unlink": undo_link,
    "dismiss": dismiss,
    "restore": restore,
}
