"""Keeps the processes of one machine running together, and ends them together."""
