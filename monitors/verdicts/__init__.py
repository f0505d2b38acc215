"""From what regions found to one verdict per monitor, its likely cause, and its confirmed flips."""
