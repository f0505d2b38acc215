"""How long waves last. Pure."""

from datetime import timedelta

# A wave that nobody adds to for so long is over.
LASTS = timedelta(minutes=30)
# One that was dismissed takes in what is like it for so long, so that it is not raised anew.
DISMISSED_FOR = timedelta(hours=6)
