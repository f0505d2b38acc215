"""What a subscriber's form shows as chosen: what is kept, or what was sent and refused."""

from dataclasses import dataclass

from django.http import QueryDict

from subscribers.models import Scope, Subscriber


@dataclass(frozen=True, slots=True)
class Choice:
    """`ids` are those of components and incidents; `language` is of the mails."""

    is_everything: bool
    ids: frozenset[str]
    kinds: str
    wants_only_latest: bool
    language: str


def kept(subscriber: Subscriber, scopes: list[Scope], language: str) -> Choice:
    return Choice(
        is_everything=any(scope.is_everything for scope in scopes),
        ids=frozenset(found for s in scopes if (found := s.component_id or s.incident_id)),
        kinds=subscriber.kinds,
        wants_only_latest=subscriber.wants_only_latest,
        language=language,
    )


def sent(form: QueryDict, before: Choice) -> Choice:
    """The same as it was sent, so that what was refused need not be chosen again."""
    return Choice(
        is_everything=form.get("scope") == "everything",
        ids=frozenset(form.getlist("component") + form.getlist("incident")),
        kinds=form.get("kinds", before.kinds),
        wants_only_latest="only_latest" in form,
        language=form.get("language", before.language),
    )
