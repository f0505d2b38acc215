class PostgresTrouble(Exception):
    """The embedded PostgreSQL cannot serve; the message says why and what would help."""
