"""PostgreSQL as a part of the program: found, started and stopped without an administrator."""

from atender.embedded.server import EmbeddedPostgres
from atender.embedded.trouble import PostgresTrouble

__all__ = ["EmbeddedPostgres", "PostgresTrouble"]
