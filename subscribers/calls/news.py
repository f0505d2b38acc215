"""What a notice tells, as visitors of one page may know it: what calls and text messages say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, pgettext

from incidents.models import Component, IncidentUpdate, Page
from incidents.models.vocabulary import CLOSED
from incidents.models.vocabulary import ComponentStateName as State
from statuspage.language.speaking import language_of, speaking
from statuspage.reading.banner import Banner
from statuspage.reading.front import banner_of, read_states
from statuspage.reading.site import Site, published, read_site
from statuspage.reading.stories import PublicUpdate, Story
from statuspage.reading.telling import public_update, tell
from subscribers.mailing.composing import (
    context_of_post_mortem,
    context_of_reminder,
    context_of_update,
)
from subscribers.mailing.mails import one_line
from subscribers.models import Notice, NoticeKind
from subscribers.notices.standing import pages_of, said_by


@dataclass(frozen=True, slots=True)
class Scene:
    """A page and how its components stand, read once for all of a notice's readers."""

    page: Page
    site: Site
    states: Mapping[str, State]
    banner: Banner

    @property
    def url(self) -> str:
        return self.site.url


@dataclass(frozen=True, slots=True)
class StateChange:
    """That a component's state on a page became another; for programs alone."""

    id: str
    scene: Scene
    component: Component
    was: State
    became: State
    told_at: datetime


@dataclass(frozen=True, slots=True)
class News:
    """What is told in one language. `event` is for programs, the other words are for people."""

    event: str
    told_at: datetime
    scene: Scene
    story: Story
    update: PublicUpdate | None
    language: str
    word: str
    body: str
    tone: str
    facts: Sequence[tuple[str, str]]
    go: str
    preferences: str
    leave: str

    @property
    def url(self) -> str:
        return self.scene.url + self.story.path

    @property
    def headline(self) -> str:
        return f"[{self.page_name}] {self.word}: {one_line(self.story.title)}"

    @property
    def page_name(self) -> str:
        return one_line(self.scene.page.name)


@dataclass(slots=True)
class Newsroom:
    """The news of one notice for readers of any page and language, written when first needed."""

    notice: Notice
    _scenes: dict[str, Scene] = field(default_factory=dict)
    _news: dict[tuple[str, str], News] = field(default_factory=dict)

    def news(self, page_id: str, reads: str) -> News:
        scene = self._scene(page_id)
        language = language_of(scene.site.branding, reads)
        key = (page_id, language)
        if key not in self._news:
            with speaking(page_id, language):
                self._news[key] = _news(self.notice, scene, language)
        return self._news[key]

    def change(self, page_id: str) -> StateChange:
        """What a notice of a component's state tells."""
        notice, component = self.notice, self.notice.component
        assert component is not None, "this notice tells of an incident"
        return StateChange(
            id=notice.pk,
            scene=self._scene(page_id),
            component=component,
            was=State(notice.was),
            became=State(notice.became),
            told_at=notice.created_at,
        )

    def told(self, page_id: str, reads: str) -> News | StateChange:
        is_change = self.notice.component_id is not None
        return self.change(page_id) if is_change else self.news(page_id, reads)

    def _scene(self, page_id: str) -> Scene:
        if page_id not in self._scenes:
            page = next(page for page in pages_of(self.notice) if page.pk == page_id)
            self._scenes[page_id] = scene_of(page)
        return self._scenes[page_id]


def scene_of(page: Page) -> Scene:
    site = read_site(page.pk, now=timezone.now())
    assert site is not None
    states = read_states(site)
    going_on = tell(list(published(site).exclude(status__in=CLOSED)), shown=site.names)
    banner = banner_of([s for s in going_on if s.is_running], states)
    return Scene(page, site, states, banner)


def _news(notice: Notice, scene: Scene, language: str) -> News:
    update = said_by(notice)
    words = _words(notice, update, scene.page)
    (story,) = tell([notice.story], shown=scene.site.names)
    return News(
        event=f"{story.kind.value}.{notice.kind}",
        told_at=update.posted_at if update else notice.created_at,
        scene=scene,
        story=story,
        update=public_update(update) if update else None,
        language=language,
        word=str(words["word"]),
        body=str(words["body"]),
        tone=str(words["tone"]),
        facts=[(str(name), str(value)) for name, value in words["facts"]],
        go=str(pgettext("mail", "Read it on the status page")),
        preferences=gettext("Your subscription"),
        leave=gettext("Unsubscribe"),
    )


def _words(notice: Notice, update: IncidentUpdate | None, page: Page) -> Mapping[str, Any]:
    if update is not None:
        return context_of_update(update, page)
    if notice.kind == NoticeKind.REMINDER:
        return context_of_reminder(notice.story, page)
    return context_of_post_mortem(notice.story, page)
