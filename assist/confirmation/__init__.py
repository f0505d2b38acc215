"""Judge a customer's reply to the offer of updates: yes, no or ambiguous. Pure."""

from assist.confirmation.analyzer import Confirmation, analyze

__all__ = ["Confirmation", "analyze"]
