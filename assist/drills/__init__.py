"""Fire drills. Nothing here can send: no module imports what sends, publishes or promises work."""
