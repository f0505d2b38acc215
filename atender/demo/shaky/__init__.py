"""The demo's shaky service: something to watch, and a switch that breaks it."""
