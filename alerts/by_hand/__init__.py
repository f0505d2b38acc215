"""Alerts that a person raises: for an incident, or for what no monitor sees."""
