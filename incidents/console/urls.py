"""The console's own screens of incidents, below the admin's address of them."""

from collections.abc import Callable

from django.contrib.admin import AdminSite
from django.http import HttpResponse
from django.urls import URLPattern, path

from incidents.console import (
    choosing_template,
    deleting,
    drafting,
    editing,
    follow_ups,
    hints,
    post_mortem,
    posting,
    previews,
    taking_off,
)

VIEWS: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
    ("wording/", hints.title_hint, "wording"),
    ("template/", choosing_template.for_opening, "template_opening"),
    ("draft/", drafting.keep_opening, "draft_opening"),
    ("drafts/", drafting.all_drafts, "drafts"),
    ("drafts/<ulid:pk>/discard/", drafting.discard, "draft_discard"),
    ("<ulid:pk>/draft/", drafting.keep_update, "draft"),
    ("<ulid:pk>/template/", choosing_template.for_update, "template"),
    ("preview/", previews.preview_opening, "preview_opening"),
    ("<ulid:pk>/preview/", previews.preview_update, "preview"),
    ("<ulid:pk>/post/", posting.post, "post"),
    ("<ulid:pk>/still-working/", posting.still_working, "still_working"),
    ("<ulid:pk>/acknowledge/", posting.acknowledge, "acknowledge"),
    ("<ulid:pk>/title/", editing.edit_title, "title"),
    ("<ulid:pk>/impacts/", editing.edit_impacts, "impacts"),
    ("<ulid:pk>/service/", editing.edit_service, "service"),
    ("<ulid:pk>/publish/", editing.publish, "publish"),
    ("<ulid:pk>/pages/<ulid:page_id>/take-off/", taking_off.take_off, "take_off"),
    ("<ulid:pk>/updates/<ulid:update_id>/", editing.edit_update, "update"),
    ("<ulid:pk>/updates/<ulid:update_id>/undo/", posting.undo, "undo"),
    ("<ulid:pk>/updates/<ulid:update_id>/delete/", deleting.delete_update, "update_delete"),
    ("<ulid:pk>/postmortem/", post_mortem.show, "post_mortem"),
    ("<ulid:pk>/postmortem/start/", post_mortem.start, "post_mortem_start"),
    ("<ulid:pk>/postmortem/preview/", post_mortem.preview, "post_mortem_preview"),
    ("<ulid:pk>/postmortem/write/", post_mortem.write, "post_mortem_write"),
    ("<ulid:pk>/postmortem/publish/", post_mortem.publish, "post_mortem_publish"),
    ("<ulid:pk>/postmortem/withdraw/", post_mortem.withdraw, "post_mortem_withdraw"),
    ("<ulid:pk>/postmortem/delete/", post_mortem.delete, "post_mortem_delete"),
    ("<ulid:pk>/follow-ups/", follow_ups.add, "follow_up_add"),
    ("<ulid:pk>/follow-ups/<ulid:follow_up_id>/", follow_ups.change, "follow_up_change"),
    ("<ulid:pk>/follow-ups/<ulid:follow_up_id>/tick/", follow_ups.tick, "follow_up_tick"),
    ("<ulid:pk>/follow-ups/<ulid:follow_up_id>/delete/", follow_ups.delete, "follow_up_delete"),
)


def console_urls(site: AdminSite) -> list[URLPattern]:
    return [
        path(route, site.admin_view(view), name=f"incidents_incident_{name}")
        for route, view, name in VIEWS
    ]
