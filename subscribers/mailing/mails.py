"""The mails: rendered once for a page and a language; `moulds.py` makes each recipient's own.

What differs between recipients is marked in the rendered text by marks that are random for each
rendering, so no incident's text can be mistaken for one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from atender.tenants.context import current_schema
from incidents.models import Incident, Page
from subscribers.models import Scope, Subscriber
from subscribers.tokens import Purpose, signed_tokens

# The longest line that SMTP allows. RFC 5321, 4.5.3.1.6.
LONGEST_LINE = 998


class Mail(EmailMultiAlternatives):
    """A mail whose headers are not folded before their first word.

    At the usual 78 columns a link in `List-Unsubscribe` would begin on the second line, where not
    every reader looks for it.
    """

    # Providers leave our links as they are: a link that is counted is another link.
    track_clicks = track_opens = False

    def message(self, **kwargs: Any) -> Any:
        message = super().message(**kwargs)
        message.policy = message.policy.clone(max_line_length=LONGEST_LINE)
        return message


@dataclass(frozen=True, slots=True)
class Reasons:
    """Sentences that say why one gets a mail; `components` has room for their `names`.

    `comma` is what the language puts between two of those.
    """

    everything: str
    this: str
    components: str
    comma: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that lacks only its recipient. `base` is the page's address without a path."""

    page: Page
    incident: Incident
    subject: str
    text: str
    html: str
    base: str
    marks: dict[str, str]
    reasons: Reasons
    # Whom it comes from where the platform sends it, and where answers go; empty: as usual.
    sender_name: str = ""
    reply_to: str = ""

    @property
    def host(self) -> str:
        return self.base.partition("://")[2].partition(":")[0]


def one_line(text: str) -> str:
    return " ".join(text.split())


def links_of(subscriber: Subscriber, base: str) -> dict[str, str]:
    return links_by_id(subscriber.pk, subscriber.version, base)


def links_by_id(subscriber_id: str, version: int, base: str) -> dict[str, str]:
    manage, leave = signed_tokens(subscriber_id, version, Purpose.MANAGE, Purpose.UNSUBSCRIBE)
    return {
        "manage": f"{base}/subscriptions/{manage}",
        "unsubscribe": f"{base}/subscriptions/{leave}/unsubscribe",
    }


def list_headers(unsubscribe_url: str, host: str, campaign: str) -> dict[str, str]:
    """The headers by which mail programs know and leave a list. RFC 2919, 3834, 8058."""
    return {
        "List-Unsubscribe": f"<{unsubscribe_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"<updates.{host}>",
        "Auto-Submitted": "auto-generated",
        "Feedback-ID": f"{campaign}:{current_schema()}:atender",
    }


def sender_for(page: Page, from_address: str, name: str = "") -> str:
    """Return the sender: the platform's address under the tenant's chosen name, or the page's.

    A tenant's own address is left as it is.
    """
    if from_address != settings.DEFAULT_FROM_EMAIL:
        return from_address
    return formataddr((one_line(name or page.name), parseaddr(from_address)[1]))


def reason_for(scopes: Iterable[Scope], letter: Letter) -> str:
    """Say why this recipient gets this mail, by the widest scope that covers it."""
    held = list(scopes)
    for scope in held:
        if scope.component_id is None and scope.incident_id is None:
            return letter.reasons.everything
    if any(scope.incident_id == letter.incident.pk for scope in held):
        return letter.reasons.this
    names = sorted(scope.component.name for scope in held if scope.component)
    return letter.reasons.components % {"names": one_line(letter.reasons.comma.join(names))}
