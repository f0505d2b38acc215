"""Judge a customer's reply to the offer of updates: yes, no or ambiguous. Pure."""

from assist.confirmation.analyzer import Confirmation, analyze
from assist.confirmation.withdrawing import withdraws

__all__ = ["Confirmation", "analyze", "withdraws"]
