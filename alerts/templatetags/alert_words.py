"""`{% load alert_words %}`: the words of `alerts/words.py` as filters."""

from django import template

from alerts import words

register = template.Library()

register.filter(words.alert_status_tag)
register.filter(words.alert_severity_tag)
register.filter(words.day_and_time)
