"""How much one request of MCP may hold; apart from the SDK's types, which a start does not load."""

MOST_IN_BATCH = 50
