"""What the form of a page's look shows of it: nobody undoes what they have not read."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings

from atender import meanwhile
from atender.meanwhile import digest_of
from incidents.models import Component
from statuspage.models import Branding

# Kept besides what the form shows.
UNSEEN = ("page", "feed_host", "updated_at")
ORDERLESS = ("further_languages", "latency_of")
PICTURES = ("logo_id", "favicon_id")


def seen_of(branding: Branding) -> str:
    """Return the digest that says, to `change_branding`, that the branding was seen as it is."""
    return digest_of(_facts(branding))


def check_seen(branding: Branding, wanted: Branding, *, seen: str | None) -> None:
    """Refuse to replace what was not seen as it stands. Raises ChangedMeanwhile."""
    asked = _facts(wanted)

    def told(stands: Branding) -> str:
        facts, words = _facts(stands), _words(stands, asked)
        other = [name for name in words if facts[name] != asked[name]]
        # A browser sends no file a second time.
        again = any(name in other and asked[name] for name in PICTURES)
        return (
            f"Where yours differs, it {', '.join(words[name] for name in other)}. Its pictures are "
            f"shown below as they are{'; choose yours again' if again else ''}."
        )

    what = "how this page looks and speaks"
    meanwhile.check_seen(branding, asked, facts=_facts, told=told, seen=seen, what=what)


def _facts(branding: Branding) -> dict[str, Any]:
    shown = [field for field in Branding._meta.concrete_fields if field.name not in UNSEEN]
    facts = {field.attname: getattr(branding, field.attname) for field in shown}
    return facts | {name: sorted(facts[name]) for name in ORDERLESS}


def _words(page: Branding, asked: Mapping[str, Any]) -> dict[str, str]:
    """What it is, by the names of its facts; `asked` are those that are wanted."""
    name_of = dict(settings.LANGUAGES)
    measured = Component.objects.filter(pk__in=page.latency_of)
    return {
        "title": _said("is titled “{}”", page.title, none="has no title of its own"),
        "description": _said("is described as “{}”", page.description, none="has no description"),
        "primary_colour": f"has the colour {page.primary_colour}",
        "logo_id": f"has {_which(page.logo_id, asked['logo_id'])} logo",
        "favicon_id": f"has {_which(page.favicon_id, asked['favicon_id'])} favicon",
        "language": f"speaks {name_of[page.language]} first",
        "further_languages": f"speaks {_all(name_of[one] for one in page.languages[1:])} besides",
        "time_zone": f"has the time zone {page.zone_words}",
        "recency_days": f"shows incidents for {_days(page.recency_days)} after their end",
        "history_days": f"has a history of {_days(page.history_days)}",
        "takes_subscribers": f"takes {'' if page.takes_subscribers else 'no '}new subscribers",
        "takes_questions": f"has {'' if page.takes_questions else 'no '}“is it just me?”",
        "counts_maintenance_as_up": (
            f"counts maintenance as {'up' if page.counts_maintenance_as_up else 'down'}"
        ),
        "latency_of": f"shows response times of {_all(one.name for one in measured)}",
        "support_url": _said(
            "leads to {} for support", page.support_url, none="links to no support"
        ),
        "imprint_url": _said("has its imprint at {}", page.imprint_url, none="has no imprint"),
        "privacy_url": _said(
            "tells of privacy at {}", page.privacy_url, none="links to no privacy notice"
        ),
        "shows_powered_by": (
            f"{'says' if page.shows_powered_by else 'does not say'} what it runs on"
        ),
    }


def _which(picture: str | None, wanted: str | None) -> str:
    if picture is None:
        return "no"
    return "a" if wanted is None else "another"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _said(words: str, text: str, *, none: str) -> str:
    return words.format(text) if text else none


def _all(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"
