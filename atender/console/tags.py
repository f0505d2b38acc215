"""`{% load console %}`: panels of a place, what an account may do, and moments with their zone."""

from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from atender.console import navigation, spans, times
from atender.console import panels as registry
from atender.ids import new_ulid
from atender.limits.submissions import NAME
from atender.roles import Ability, may

register = template.Library()


@register.simple_tag(takes_context=True)
def panels(context: Context, place: str, subject: Any = None) -> list[SafeString]:
    """`{% panels "incident.side" incident as shown %}`"""
    return registry.render(place, context["request"], subject)


@register.simple_tag(takes_context=True)
def shortcuts(context: Context) -> list[tuple[str, str, str]]:
    """`{% shortcuts as keys %}`: key, words and address of what keys lead to from everywhere."""
    return navigation.shortcuts(context["request"])


@register.simple_tag
def submission() -> SafeString:
    """`{% submission %}` in a form whose button does its work once, however often it is clicked."""
    return format_html('<input type="hidden" name="{}" value="{}">', NAME, new_ulid())


@register.filter(name="may")
def may_filter(who: Any, ability: str) -> bool:
    """`{% if request.user|may:"publish" %}`"""
    return may(who, Ability(ability))


register.filter(times.clock_time)
register.filter(times.clock_second)
register.filter(spans.since_words)
register.filter(spans.span_words)
