"""A tenant's own embedding model: one more feature of matching, asked off the request path."""
