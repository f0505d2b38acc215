"""Planned work in the console: its form, its window, its series."""
