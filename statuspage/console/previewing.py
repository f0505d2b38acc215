"""What a page would show if an update were posted, rendered by the page's own templates."""

from dataclasses import dataclass, replace

from django.template.loader import render_to_string
from django.utils import timezone

from incidents.previewing import Preview
from incidents.promises.ahead import expected_end
from statuspage.language.speaking import speaking
from statuspage.look.colours import theme_css
from statuspage.reading.site import Site, read_site
from statuspage.reading.stories import AffectedComponent, Story
from statuspage.reading.telling import public_update, tell
from statuspage.visitors.answers import look_of

NEW = "new"


@dataclass(frozen=True, slots=True)
class Frame:
    """A document as a page would show it, and the pages that would."""

    page_id: str
    names: tuple[str, ...]
    zone: str
    document: str


def frames_of(preview: Preview) -> list[Frame]:
    """One frame for each page, those that would read alike as one. Seven queries a page."""
    frames: dict[str, Frame] = {}
    for page in preview.pages:
        site = read_site(page.pk, now=timezone.now())
        if site is None:
            continue
        document = _document(site, preview)
        names = frames[document].names if document in frames else ()
        page_id = frames[document].page_id if document in frames else page.pk
        zone = site.branding.time_zone
        frames[document] = Frame(page_id, (*names, page.name), zone, document)
    return list(frames.values())


def foretold(preview: Preview, site: Site) -> Story:
    """Return the story with the update on top, as far as visitors would read it."""
    (story,) = tell([preview.incident], shown=site.names)
    updates, eta = story.updates, story.eta
    if preview.update is not None and preview.is_visible:
        updates = (replace(public_update(preview.update), id=NEW), *updates)
    if preview.update is not None:
        eta = expected_end(preview.incident, [preview.update]) or eta
    affected = tuple(
        AffectedComponent(component_id, name, "")
        for component_id, name in site.names.items()
        if component_id in preview.component_ids
    )
    return replace(story, updates=updates, eta=eta, components=affected)


def _document(site: Site, preview: Preview) -> str:
    with speaking(site.page.pk, site.language):
        return render_to_string(
            "statuspage/console/preview_document.html",
            {
                **look_of(site),
                "theme": theme_css(site.branding.primary_colour),
                "story": foretold(preview, site),
            },
        )
