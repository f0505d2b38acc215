"""The process that checks: it finds what is due, checks it, and reports what it found."""
