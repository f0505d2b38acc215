"""A component's uptime in the console: what was recorded, what staff said of it, and why."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from atender.console.doors import FORM, READ, require, sent
from atender.console.screens import screen
from atender.console.theme import RecordAdmin, display
from atender.ids import ULID
from atender.refusals import Refused
from atender.roles import Ability, may
from atender.staff.session import actor_of
from incidents.models import Component, Page, StateInterval
from statuspage.admin.amending_form import AmendmentForm
from statuspage.models import UptimeAmendment
from statuspage.past.amending import amend_uptime, check_correction, withdraw_amendment
from statuspage.past.uptimes import foresee_uptime, read_uptimes, window_of
from statuspage.uptime import percent

# The newest intervals; who needs older ones narrows the question.
MOST = 200


@admin.register(UptimeAmendment)
class UptimeAmendmentAdmin(RecordAdmin):
    """What staff said of uptime, newest first: read here, made and withdrawn at the component."""

    list_display = ["component", "counts_as", "stretch", "reason", "by_name", "made_at", "stands"]
    list_select_related = ["component", "withdrawal"]
    sortable_by = ()
    empty_words = "No uptime was amended; a component's own screen leads to it."

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("of/<ulid:pk>/", wrap(past), name="statuspage_uptime"),
            path("of/<ulid:pk>/amend/", wrap(amend), name="statuspage_uptime_amend"),
            path("<ulid:pk>/withdraw/", wrap(withdraw), name="statuspage_uptime_withdraw"),
            *super().get_urls(),
        ]

    @display(description="Counts as")
    def counts_as(self, amendment: UptimeAmendment) -> str:
        return amendment.counts_as

    @display(description="From, to")
    def stretch(self, amendment: UptimeAmendment) -> str:
        return " – ".join(
            f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
            for at in (amendment.started_at, amendment.ended_at)
        )

    @display(description="Stands", boolean=True)
    def stands(self, amendment: UptimeAmendment) -> bool:
        return not hasattr(amendment, "withdrawal")


@require_http_methods(list(READ))
def past(request: HttpRequest, pk: str) -> HttpResponse:
    """The last ninety days on one page: the figure, the intervals, the amendments."""
    component = get_object_or_404(Component.objects.all(), pk=pk)
    require(request, Ability.READ)
    pages = list(component.pages.select_related("branding"))
    page = chosen_page(pages, request.GET.get("page", ""))
    shown: dict[str, Any] = {"page": page, "pages": pages, "component": component}
    if page is not None:
        shown |= _of_page(component, page)
    return screen(
        request,
        "statuspage/console/uptime.html",
        title=f"Uptime of {component.name}",
        may_amend=may(request.user, Ability.MANAGE_PAGES),
        **shown,
    )


def chosen_page(pages: list[Page], wanted: str) -> Page | None:
    """Return the page asked for, by default the first; 404 if it does not show the component."""
    if not wanted:
        return next(iter(pages), None)
    found = [page for page in pages if page.pk == wanted.upper() and ULID.fullmatch(page.pk)]
    if not found:
        raise Http404("No such page shows this component.")
    return found[0]


def _of_page(component: Component, page: Page) -> dict[str, Any]:
    window = window_of(page, timezone.now())
    branding = page.branding
    uptimes = read_uptimes(
        page, [component], window=window, zone=branding.zone, down_share=branding.down_share
    )
    share = uptimes[component.id].share
    rows = StateInterval.objects.filter(component=component, page=page).exclude(
        ended_at__lte=window.start
    )
    amendments = list(
        UptimeAmendment.objects.on_page(page)
        .filter(component=component)
        .select_related("withdrawal")
        .order_by("-id")[:MOST]
    )
    intervals = list(rows.order_by("-started_at")[:MOST])
    standing = [one for one in amendments if one.is_standing]
    return {
        "figure": percent(share) if share is not None else None,
        "intervals": [(row, _said_of(row, standing)) for row in intervals],
        "amendments": amendments,
        "maintenance_is_up": branding.counts_maintenance_as_up,
    }


def _said_of(interval: StateInterval, standing: list[UptimeAmendment]) -> UptimeAmendment | None:
    """Return the newest amendment that overlaps an interval."""
    end = interval.ended_at or timezone.now()
    reaching = (
        one
        for one in standing
        if one.replaces_from_at < end and one.replaces_until_at > interval.started_at
    )
    return next(reaching, None)


@require_http_methods(list(FORM))
def amend(request: HttpRequest, pk: str) -> HttpResponse:
    """GET fills in an interval; POST shows what the figures would be, or amends."""
    component = get_object_or_404(Component.objects.all(), pk=pk)
    require(request, Ability.MANAGE_PAGES)
    form = AmendmentForm(sent(request), component=component, asked=request.GET)
    figures: list[tuple[Page, str | None, str | None]] = []
    if request.method == "POST" and form.is_valid():
        try:
            if "preview" not in request.POST:
                return _amended(request, component, form)
            figures = _figures(component, form, timezone.now())
        except Refused as refusal:
            form.refuse(refusal)
    return screen(
        request,
        "statuspage/console/amend.html",
        title=f"Amend the uptime of {component.name}",
        component=component,
        form=form,
        figures=figures,
        back=back_to(component, form.page),
        status=422 if form.errors else 200,
    )


def _amended(request: HttpRequest, component: Component, form: AmendmentForm) -> HttpResponse:
    amend_uptime(
        component,
        correction=form.correction(),
        pages=list(form.cleaned_data["pages"]),
        reason=form.cleaned_data["reason"],
        by=actor_of(request),
        submission_id=form.cleaned_data["submission_id"],
    )
    messages.success(
        request, "The figures follow at once. What was recorded stays; withdrawing brings it back."
    )
    return redirect(back_to(component, form.page))


def _figures(
    component: Component, form: AmendmentForm, now: datetime
) -> list[tuple[Page, str | None, str | None]]:
    said = check_correction(form.correction(), component=component, at=now)
    found = []
    for page in form.cleaned_data["pages"]:
        shares = [one.share for one in foresee_uptime(page, component, said, now=now)]
        before, after = (percent(share) if share is not None else None for share in shares)
        found.append((page, before, after))
    return found


@require_POST
def withdraw(request: HttpRequest, pk: str) -> HttpResponse:
    amendment = get_object_or_404(UptimeAmendment.objects.select_related("component"), pk=pk)
    require(request, Ability.MANAGE_PAGES)
    try:
        withdraw_amendment(amendment, by=actor_of(request))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "Withdrawn: what was recorded counts again.")
    page = amendment.on_pages.select_related("page").first()
    return redirect(back_to(amendment.component, page.page if page else None))


def back_to(component: Component, page: Page | None) -> str:
    url = reverse("admin:statuspage_uptime", args=[component.pk])
    return f"{url}?page={page.pk}" if page else url
