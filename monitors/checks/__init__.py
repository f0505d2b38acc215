"""Checks as rows: recorded by the batch, added up by the hour, forgotten in time."""
