"""Judge a customer's reply to the offer of updates: yes, no or ambiguous. Pure."""

from assist.confirmation.analyzer import Confirmation, analyze
from assist.confirmation.requesting import requests
from assist.confirmation.withdrawing import calls_off, withdraws

__all__ = ["Confirmation", "analyze", "calls_off", "requests", "withdraws"]
