"""`{% load monitor_words %}`: the words of `monitors/words.py` as filters."""

from django import template

from monitors import words

register = template.Library()

register.filter(words.verdict_tag)
register.filter(words.held_words)
register.filter(words.in_words)
register.filter(words.ms)
