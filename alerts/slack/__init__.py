"""A slash command in Slack: opens, updates and acknowledges."""
