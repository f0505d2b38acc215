"""Rules for repeating work: RRULEs of RFC 5545, bounded, in a time zone. Pure."""

from incidents.recurrence.rules import BadRule, Rule, read_rule
from incidents.recurrence.starts import Recurrence, check_recurrence
from incidents.recurrence.words import recurrence_words

__all__ = ["BadRule", "Recurrence", "Rule", "check_recurrence", "read_rule", "recurrence_words"]
