"""The verbs of a post-mortem: started from the record, written, published, withdrawn.

Each locks the incident, so that the same moment cannot publish one text and save another.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from atender.actors import Actor, acted_by
from atender.locking import locked
from atender.refusals import Conflict, Refused
from atender.texts import clean_text
from incidents.afterwards.guesses import likely_cause_of
from incidents.afterwards.hindsight import look_back
from incidents.afterwards.retelling import LIKELY, draft_of, guesses_in, quote_of
from incidents.lifecycle import lock
from incidents.models import (
    Incident,
    IncidentUpdate,
    IncidentUpdateRevision,
    Kind,
    PostMortem,
    PostMortemRevision,
    PostMortemStatus,
)
from incidents.recording import announce, record
from incidents.signals import Action
from incidents.texts.wording import shortened

# From this many characters on, equal words are no coincidence.
TELLING = 25


class NotOverYet(Conflict):
    """The incident is still open; post-mortems are for incidents that are over."""


class ShownNowhere(Conflict):
    """The incident shows on no page, so there is nowhere to publish."""


class WrittenMeanwhile(Conflict):
    """Somebody else saved the text since it was read."""


class QuotesWhatIsGone(Conflict):
    """The text repeats words that were taken back from the public."""


class StillAGuess(Conflict):
    """A likely cause that nobody has reviewed is not published."""


class NothingWritten(Refused):
    """A post-mortem without a text is not published."""


@transaction.atomic
def start_post_mortem(
    incident: Incident, *, by: Actor, body: str | None = None, at: datetime | None = None
) -> PostMortem:
    """Begin a draft, prefilled from the record unless a text is given. Idempotent."""
    at = at or timezone.now()
    incident = lock(incident)
    started = PostMortem.objects.filter(incident=incident).first()
    if started is not None:
        return started
    if incident.kind != Kind.INCIDENT:
        raise Refused("Post-mortems are of incidents; this is planned work.")
    _check_is_over(incident)
    text = _prefilled(incident) if body is None else clean_text(body, field="body")
    post_mortem = PostMortem.objects.create(
        incident=incident, body=text, created_at=at, changed_at=at, **acted_by(by)
    )
    record("post_mortem.started", incident.id, by=by, at=at)
    return post_mortem


def _prefilled(incident: Incident) -> str:
    return draft_of(look_back(incident), likely_cause=likely_cause_of(incident))


@transaction.atomic
def change_post_mortem(
    post_mortem: PostMortem,
    *,
    by: Actor,
    body: str,
    seen: int | None = None,
    at: datetime | None = None,
) -> PostMortem:
    """Save the text. If it is published, visitors read the change at once and nobody is mailed.

    `seen` is the version that was read; raises WrittenMeanwhile where it is not the newest.
    """
    at = at or timezone.now()
    post_mortem = lock_post_mortem(post_mortem)
    text = clean_text(body, field="body")
    if text == post_mortem.body:
        return post_mortem
    if seen is not None and seen != post_mortem.version:
        raise WrittenMeanwhile("Somebody else saved this post-mortem since you opened it.")
    before = post_mortem.public_body
    post_mortem.body, post_mortem.changed_at = text, at
    if post_mortem.is_published:
        _check_text(post_mortem)
    _save(post_mortem)
    _revise(post_mortem, before, by=by, at=at)
    record("post_mortem.changed", post_mortem.incident_id, by=by, at=at)
    announce_if_published(post_mortem, by=by, at=at)
    return post_mortem


@transaction.atomic
def publish_post_mortem(
    post_mortem: PostMortem, *, by: Actor, notifies: bool = False, at: datetime | None = None
) -> PostMortem:
    """Show it below the incident on every page that shows the incident.

    `notifies` tells subscribers of the whole page and of the components. That happens at most
    once, also later for one that was published silently. Idempotent otherwise.
    """
    at = at or timezone.now()
    post_mortem = lock_post_mortem(post_mortem)
    is_news = notifies and post_mortem.notified_at is None
    if post_mortem.is_published and not is_news:
        return post_mortem
    _check_is_over(post_mortem.incident)
    before = post_mortem.public_body
    if not post_mortem.is_published:
        _check_text(post_mortem)
        _check_is_shown(post_mortem.incident)
        post_mortem.status, post_mortem.published_at = PostMortemStatus.PUBLISHED, at
    if is_news:
        post_mortem.notified_at = at
    _save(post_mortem)
    _revise(post_mortem, before, by=by, at=at)
    record("post_mortem.published", post_mortem.incident_id, by=by, at=at)
    _announce(Action.POST_MORTEM_PUBLISHED, post_mortem, by=by, at=at)
    return post_mortem


@transaction.atomic
def withdraw_post_mortem(
    post_mortem: PostMortem, *, by: Actor, at: datetime | None = None
) -> PostMortem:
    """Take it off the pages; the text stays as a draft. Mails that went out stay as they were."""
    at = at or timezone.now()
    post_mortem = lock_post_mortem(post_mortem)
    if not post_mortem.is_published:
        return post_mortem
    before = post_mortem.public_body
    post_mortem.status, post_mortem.published_at = PostMortemStatus.DRAFT, None
    _save(post_mortem)
    _revise(post_mortem, before, by=by, at=at)
    record("post_mortem.withdrawn", post_mortem.incident_id, by=by, at=at)
    _announce(Action.POST_MORTEM_CHANGED, post_mortem, by=by, at=at)
    return post_mortem


@transaction.atomic
def delete_post_mortem(post_mortem: PostMortem, *, by: Actor, at: datetime | None = None) -> None:
    """Remove text and follow-ups for good; revisions keep what visitors could read."""
    at = at or timezone.now()
    post_mortem = lock_post_mortem(post_mortem)
    follow_ups = post_mortem.follow_ups.count()
    incident_id, was_read = post_mortem.incident_id, post_mortem.public_body
    if was_read:
        _keep_revision(post_mortem, was_read, "", by=by, at=at)
    post_mortem.delete()
    record("post_mortem.deleted", incident_id, by=by, at=at, follow_ups=follow_ups)
    announce_if_published(post_mortem, by=by, at=at)


def lock_post_mortem(post_mortem: PostMortem) -> PostMortem:
    """Return the post-mortem as it is now, its incident locked until the transaction ends."""
    incident = lock(post_mortem.incident)
    current = locked(PostMortem.objects.all(), post_mortem)
    current.incident = incident
    return current


def announce_if_published(post_mortem: PostMortem, *, by: Actor, at: datetime) -> None:
    """Announce the change if it is published, so that pages are remade; a draft concerns nobody."""
    if post_mortem.is_published:
        _announce(Action.POST_MORTEM_CHANGED, post_mortem, by=by, at=at)


def _announce(action: Action, post_mortem: PostMortem, *, by: Actor, at: datetime) -> None:
    announce(action, post_mortem.incident, by=by, at=at, post_mortem=post_mortem)


def _save(post_mortem: PostMortem) -> None:
    post_mortem.version += 1
    post_mortem.save()


def _revise(post_mortem: PostMortem, before: str, *, by: Actor, at: datetime) -> None:
    """Write a revision if what visitors read has changed."""
    if post_mortem.public_body != before:
        _keep_revision(post_mortem, before, post_mortem.public_body, by=by, at=at)


def _keep_revision(
    post_mortem: PostMortem, before: str, after: str, *, by: Actor, at: datetime
) -> None:
    PostMortemRevision.objects.create(
        incident_id=post_mortem.incident_id,
        post_mortem_id=post_mortem.id,
        body_before=before,
        body_after=after,
        revised_at=at,
        **acted_by(by),
    )


def _check_is_over(incident: Incident) -> None:
    if not incident.is_closed:
        raise NotOverYet(
            f"The incident is {incident.get_status_display().lower()}; "
            "a post-mortem is written once it is resolved."
        )


def _check_is_shown(incident: Incident) -> None:
    if not incident.publications.exists():
        raise ShownNowhere(
            "No page shows this incident; publish the incident first, then its post-mortem.",
            field="status",
        )


def _check_text(post_mortem: PostMortem) -> None:
    if not post_mortem.body:
        raise NothingWritten(
            "The post-mortem has no text; write one before it is published.", field="body"
        )
    if guesses := guesses_in(post_mortem.body):
        raise StillAGuess(
            f"“{shortened(guesses[0])}” is what the monitors suggest, and nobody has confirmed it. "
            f"Write what the cause was; where the guess is right, take “{LIKELY}” away.",
            field="body",
        )
    if outdated := outdated_quotes(post_mortem):
        raise QuotesWhatIsGone(
            "The text repeats an update that was edited, deleted or made private since: "
            f"“{outdated[0]}”. Take it out, or say it in other words.",
            field="body",
        )


def outdated_quotes(post_mortem: PostMortem) -> list[str]:
    """Return quotes in the text of updates that visitors could once read and no longer can.

    The first draft is made of public texts; taking one back must not be undone by it. Two queries.
    """
    incident_id = post_mortem.incident_id
    visible = IncidentUpdate.objects.visible().filter(incident_id=incident_id)
    readable = {update.public_body for update in visible}
    revisions = IncidentUpdateRevision.objects.filter(incident_id=incident_id, was_public=True)
    once = dict.fromkeys(revisions.values_list("body_before", flat=True))
    gone = [text for text in once if text.strip() and text not in readable]
    return [shortened(text) for text in gone if _repeats(post_mortem.body, quote_of(text))]


def _repeats(body: str, quote: str) -> bool:
    """Whether a line ends with the quote, or a longer one stands anywhere."""
    if len(quote) >= TELLING and quote in " ".join(body.split()):
        return True
    return any(line.rstrip().endswith((f": {quote}", f"– {quote}")) for line in body.split("\n"))
