"""How long waves last. Pure."""

from datetime import timedelta

# A wave that nobody adds to for so long is over.
LASTS = timedelta(minutes=30)
# A dismissed wave absorbs similar complaints for this long, so that none is raised again.
DISMISSED_FOR = timedelta(hours=6)
