"""`{% load incident_words %}`: the words of `incidents/words.py`, and of moments, as filters."""

from django import template

from atender.console import spans, times
from incidents import words
from incidents.console import mentions

register = template.Library()

register.filter(words.severity_tag)
register.filter(words.status_tag)
register.filter(words.state_tag)
register.filter(words.status_word)
register.filter(words.severity_word)
register.filter(words.state_word)
register.filter(spans.since_words)
register.filter(spans.span_words)
register.filter(spans.before)
register.filter(times.moment)
register.filter(times.clock_time)
register.filter(times.clock_second)
register.filter(words.window_words)
register.filter(words.date_words)
register.filter(words.is_past)
register.filter(mentions.linked)
# In templates no line ends between a number and its unit.
register.filter("length_words", spans.shown_length)
register.simple_tag(words.zone)
