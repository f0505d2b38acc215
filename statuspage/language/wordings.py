"""The verb that replaces a standard text of pages and mails with the tenant's own words."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from atender.actors import Actor
from atender.meanwhile import REPLACE, check_unchanged, digest_of
from atender.refusals import Refused
from atender.texts import clean_text, is_seen
from incidents.models import Page
from incidents.recording import record
from statuspage.language.standard import Text, placeholders, standard_texts
from statuspage.models import Branding, Wording
from statuspage.models.wordings import LONGEST_WORDING

# They turn round what stands after them, the page's own words included.
TURNS_TEXT = re.compile("[\u202a-\u202e\u2066-\u2069]")
SPACES = re.compile(r"[ \t\n]+")


class UnknownText(Refused):
    """There is no such standard text."""


@transaction.atomic
def change_wording(
    page: Page,
    *,
    language: str,
    key: str,
    texts: Sequence[str],
    by: Actor,
    seen: str | None = None,
    at: datetime | None = None,
) -> None:
    """Use these words for a text from now on, one per plural form.

    An empty one, or one that is the standard text, goes back to the standard. `seen` is what its
    author saw of it, by `seen_of`. Raises Refused, ChangedMeanwhile.
    """
    branding = Branding.objects.select_for_update(of=("self",)).get(page=page)
    standard = _standard(branding, language, key)
    if len(texts) != len(standard.forms):
        raise Refused(f"This text has {len(standard.forms)} forms, not {len(texts)}.")
    wanted = {
        form: standard.kept(cleaned)
        for form, text in enumerate(texts)
        if (cleaned := _clean(standard, form, text)) not in ("", standard.shown_forms[form])
    }
    rows = Wording.objects.filter(page=page, language=language, key=key)
    known = dict(rows.values_list("form", "text"))
    if wanted == known:
        return
    _check_seen(standard, known, wanted, seen=seen)
    rows.exclude(form__in=wanted).delete()
    for form, text in wanted.items():
        if known.get(form) != text:
            Wording.objects.update_or_create(
                page=page, language=language, key=key, form=form, defaults={"text": text}
            )
    action = "wording.changed" if wanted else "wording.reset"
    said = [standard.shown(text) for text in wanted.values()]
    record(
        action,
        page.id,
        by=by,
        at=at or timezone.now(),
        language=language,
        text=standard.original,
        says=said,
    )


def seen_of(own: Mapping[int, str]) -> str:
    """Return the digest that says, to `change_wording`, that a text's own words were seen.

    `own` are those that are kept, by the number of their form.
    """
    return digest_of(sorted(own.items()))


def _check_seen(
    standard: Text, own: Mapping[int, str], wanted: Mapping[int, str], *, seen: str | None
) -> None:
    says = ", ".join(f"“{standard.shown(text)}”" for _form, text in sorted(own.items()))
    told = (
        "somebody changed this text since you opened it. It reads "
        f"{says or 'as the standard does'} now. {REPLACE}"
    )
    check_unchanged(sorted(own.items()), wanted=sorted(wanted.items()), seen=seen, told=told)


def _standard(branding: Branding, language: str, key: str) -> Text:
    if language not in branding.languages:
        raise Refused(
            f"The page does not speak '{language[:12]}'; it speaks "
            f"{', '.join(branding.languages)}.",
            field="language",
        )
    standard = standard_texts(language).get(key)
    if standard is None:
        raise UnknownText("There is no such text; choose one of the list.", field="key")
    return standard


def _clean(standard: Text, form: int, text: str) -> str:
    """Return the text as one line; raises Refused where it is not fit to be shown."""
    field = f"text-{form}"
    line = SPACES.sub(" ", clean_text(text, field=field)).strip()
    if not line:
        return ""
    if TURNS_TEXT.search(line):
        raise Refused(
            "A wording has no characters that turn the direction of what follows; type it anew "
            "instead of pasting it.",
            field=field,
        )
    if not any(map(is_seen, line)):
        raise Refused("The wording shows nothing; leave it empty for the standard.", field=field)
    if len(line) > LONGEST_WORDING:
        raise Refused(
            f"A wording has at most {LONGEST_WORDING} characters; this one has {len(line)}.",
            field=field,
        )
    _check_placeholders(standard, form, line, field)
    return line


def _check_placeholders(standard: Text, form: int, line: str, field: str) -> None:
    held = placeholders(line)
    missing = sorted(standard.required[form] - held)
    if missing:
        raise Refused(f"The wording lacks {missing[0]}; put it where it belongs.", field=field)
    unknown = sorted(held - standard.allowed)
    if unknown:
        known = ", ".join(sorted(standard.allowed)) or "none"
        raise Refused(
            f"Nothing is known of {unknown[0]} here; the placeholders of this text are: {known}.",
            field=field,
        )
