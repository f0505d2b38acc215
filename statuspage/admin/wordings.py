"""The console's screen of wordings: each standard text beside the tenant's own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse

from atender.console.doors import require
from atender.console.theme import RecordAdmin
from atender.ids import ULID
from atender.languages.catalogues import file_of, is_unreviewed
from atender.meanwhile import ChangedMeanwhile
from atender.refusals import Refused
from atender.roles import Ability
from atender.staff.session import actor_of
from incidents.models import Page
from statuspage.language.standard import Text, counts_of_form, standard_texts
from statuspage.language.wordings import change_wording, seen_of
from statuspage.models import Wording
from statuspage.models.wordings import LONGEST_WORDING

LIST = "admin:statuspage_wording_changelist"
GROUPS = (("Page", False), ("Mails", True))


@dataclass(frozen=True, slots=True)
class Form:
    """One plural form of a text; `counts` says for which numbers, where there are several."""

    number: int
    standard: str
    own: str
    typed: str
    counts: str


@dataclass(frozen=True, slots=True)
class Row:
    text: Text
    forms: Sequence[Form]
    is_edited: bool
    refusal: str
    # What its form carries of the own words.
    seen: str
    # Of the list at this row, and of its form.
    url: str
    edit_url: str

    @property
    def placeholders(self) -> list[str]:
        return sorted(self.text.allowed)

    @property
    def is_own(self) -> bool:
        return any(form.own for form in self.forms)

    def holds(self, words: str) -> bool:
        said = [self.text.original, *(f"{form.standard}\n{form.own}" for form in self.forms)]
        return words.casefold() in "\n".join(said).casefold()


@dataclass(frozen=True, slots=True)
class Choice:
    """What the list shows: the texts of a page in a language, all or some."""

    page: Page
    language: str
    words: str = ""
    is_own_only: bool = False

    @classmethod
    def of(cls, asked: QueryDict) -> "Choice":
        page = _page(asked.get("page", ""))
        wanted = asked.get("language", "")
        language = wanted if wanted in page.branding.languages else page.branding.language
        return cls(page, language, asked.get("q", "").strip()[:100], asked.get("show") == "own")

    def url(self, ident: str = "", *, edit: bool = False) -> str:
        said = {"page": self.page.pk, "language": self.language, "q": self.words}
        said |= {"show": "own" if self.is_own_only else "", "edit": ident if edit else ""}
        query = urlencode({name: value for name, value in said.items() if value})
        return f"{reverse(LIST)}?{query}" + (f"#t-{ident}" if ident else "")


def _page(page_id: str) -> Page:
    pages = Page.objects.select_related("branding")
    if page_id and not ULID.fullmatch(page_id):
        raise Http404("There is no page with this id.")
    page = pages.filter(pk=page_id).first() if page_id else pages.order_by("-is_default").first()
    if page is None:
        raise Http404("There is no page with this id.")
    return page


def rows_of(
    choice: Choice,
    *,
    edited: str = "",
    typed: Mapping[int, str] | None = None,
    refusal: str = "",
    seen: str | None = None,
) -> list[Row]:
    """Return the rows of the list; the edited one shows what was typed, where it was refused.

    It carries `seen` instead of what is kept, where that was sent.
    """
    own: dict[tuple[str, int], str] = {
        (key, form): text
        for key, form, text in Wording.objects.filter(
            page=choice.page, language=choice.language
        ).values_list("key", "form", "text")
    }
    rows = []
    for text in standard_texts(choice.language).values():
        is_edited = text.ident == edited
        forms = list(_forms(text, choice.language, own, typed if is_edited else None))
        urls = choice.url(text.ident), choice.url(text.ident, edit=True)
        carried = (seen or _seen(text, own)) if is_edited else ""
        rows.append(Row(text, forms, is_edited, refusal if is_edited else "", carried, *urls))
    return [row for row in rows if row.is_edited or _is_shown(row, choice)]


def _seen(text: Text, own: Mapping[tuple[str, int], str]) -> str:
    return seen_of({form: words for (key, form), words in own.items() if key == text.key})


def _is_shown(row: Row, choice: Choice) -> bool:
    return row.holds(choice.words) and (row.is_own or not choice.is_own_only)


def _forms(
    text: Text,
    language: str,
    own: Mapping[tuple[str, int], str],
    typed: Mapping[int, str] | None,
) -> Iterator[Form]:
    for number, standard in enumerate(text.shown_forms):
        said = text.shown(own.get((text.key, number), ""))
        shown = typed.get(number, "") if typed is not None else said
        counts = counts_of_form(language, number) if len(text.forms) > 1 else ""
        yield Form(number, standard, said, shown, counts)


@admin.register(Wording)
class WordingAdmin(RecordAdmin):
    ability_to_change = Ability.MANAGE_PAGES

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.wordings)
        return [path("", view, name="statuspage_wording_changelist")]

    def wordings(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            return self._save(request)
        require(request, self.ability_to_view)
        choice = Choice.of(request.GET)
        return self._show(request, choice, rows_of(choice, edited=request.GET.get("edit", "")))

    def _save(self, request: HttpRequest) -> HttpResponse:
        require(request, Ability.MANAGE_PAGES)
        choice = Choice.of(request.POST)
        ident = request.POST.get("text", "")
        texts = standard_texts(choice.language).values()
        text = next((one for one in texts if one.ident == ident), None)
        if text is None:
            raise Http404("There is no such text.")
        is_reset = "reset" in request.POST
        typed = {
            n: "" if is_reset else request.POST.get(f"text-{n}", "") for n in range(len(text.forms))
        }
        by, seen = actor_of(request), request.POST.get("seen", "")
        try:
            change_wording(
                choice.page,
                language=choice.language,
                key=text.key,
                texts=list(typed.values()),
                by=by,
                seen=seen or None,
            )
        except Refused as refusal:
            seen = refusal.stands if isinstance(refusal, ChangedMeanwhile) else seen
            said = refusal.sentence
            rows = rows_of(choice, edited=ident, typed=typed, refusal=said, seen=seen)
            return self._show(request, choice, rows, status=422)
        messages.success(request, "Back to the standard." if is_reset else "Saved.")
        return redirect(choice.url(ident))

    def _show(
        self, request: HttpRequest, choice: Choice, rows: Sequence[Row], *, status: int = 200
    ) -> HttpResponse:
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": "Wordings",
            "choice": choice,
            "pages": Page.objects.order_by("-is_default", "name"),
            "languages": [
                (code, dict(settings.LANGUAGES)[code]) for code in choice.page.branding.languages
            ],
            "language_direction": "rtl" if choice.language in settings.LANGUAGES_BIDI else "ltr",
            "groups": [
                (name, [row for row in rows if row.text.is_of_mails == is_of_mails])
                for name, is_of_mails in GROUPS
            ],
            "is_english": choice.language == settings.LANGUAGE_CODE,
            "is_unreviewed": is_unreviewed(file_of(settings.LOCALE_PATHS[0], choice.language)),
            "may_change": self.has_change_permission(request),
            "longest": LONGEST_WORDING,
            "count": len(rows),
        }
        return render(request, "statuspage/console/wordings.html", context, status=status)
