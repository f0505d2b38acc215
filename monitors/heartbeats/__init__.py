"""Heartbeats: jobs that call us, and calls that do not come."""
