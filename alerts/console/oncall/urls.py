"""The screens of being on call, below /on-call/."""

from collections.abc import Callable

from django.contrib import admin
from django.http import HttpResponse
from django.urls import path

from alerts.console.oncall import (
    channels,
    deleting,
    groups,
    methods,
    now,
    people,
    policies,
    routing,
    schedules,
    slack,
    sources,
    starting,
)

VIEWS: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
    ("", now.now, "now"),
    ("start/", starting.start, "start"),
    ("me/", people.me, "me"),
    ("people/", people.everybody, "people"),
    ("people/<ulid:pk>/", people.one, "person"),
    ("people/<ulid:pk>/methods/", methods.add, "method_add"),
    *(
        (f"people/<ulid:pk>/methods/<ulid:method_id>/{name}/", methods.door(deed), f"method_{name}")
        for name, deed in methods.DEEDS.items()
    ),
    ("schedules/", schedules.schedules, "schedules"),
    ("schedules/add/", schedules.add, "schedule_add"),
    ("schedules/<ulid:pk>/", schedules.one, "schedule"),
    ("schedules/<ulid:pk>/change/", schedules.change, "schedule_change"),
    ("schedules/<ulid:pk>/delete/", deleting.delete_schedule, "schedule_delete"),
    ("schedules/<ulid:pk>/stand-in/", schedules.stand_in, "stand_in"),
    ("schedules/<ulid:pk>/stand-in/<ulid:override_id>/", schedules.take_back, "take_back"),
    ("groups/", groups.groups_and_policies, "groups"),
    ("groups/add/", groups.add_group, "group_add"),
    ("groups/<ulid:pk>/", groups.change_group, "group"),
    ("groups/<ulid:pk>/delete/", deleting.delete_group, "group_delete"),
    ("policies/add/", policies.add_policy, "policy_add"),
    ("policies/<ulid:pk>/", policies.change_policy, "policy"),
    ("policies/<ulid:pk>/delete/", deleting.delete_policy, "policy_delete"),
    ("channels/", channels.channels, "channels"),
    ("channels/add/", channels.add, "channel_add"),
    ("channels/<ulid:pk>/", channels.one, "channel"),
    ("channels/<ulid:pk>/try/", channels.try_out, "channel_try"),
    ("channels/<ulid:pk>/renew/", channels.renew, "channel_renew"),
    ("channels/<ulid:pk>/delete/", deleting.delete_a_channel, "channel_delete"),
    ("sources/", sources.sources, "sources"),
    ("sources/add/", sources.add, "source_add"),
    ("sources/<ulid:pk>/", sources.one, "source"),
    ("sources/<ulid:pk>/try/", sources.try_body, "source_try"),
    ("sources/<ulid:pk>/renew/", sources.renew, "source_renew"),
    ("sources/<ulid:pk>/delete/", deleting.delete_a_source, "source_delete"),
    ("slack/", slack.slack, "slack"),
    ("slack/secret/", slack.keep_secret, "slack_secret"),
    ("slack/people/", slack.add_person, "slack_person_add"),
    ("slack/people/<ulid:pk>/remove/", slack.remove_person, "slack_person_remove"),
    ("slack/delete/", slack.remove, "slack_delete"),
    ("routing/", routing.everything, "routing"),
    ("routing/services/<ulid:pk>/", routing.of_service, "routing_service"),
    ("routing/monitors/<ulid:pk>/", routing.of_monitor, "routing_monitor"),
    ("routing/monitors/<ulid:pk>/follow/", routing.follow, "routing_follow"),
)
urlpatterns = [
    path(route, admin.site.admin_view(view), name=f"on_call_{name}") for route, view, name in VIEWS
]
