"""Mail providers with an interface of their own: what they ask for, how they are called."""
