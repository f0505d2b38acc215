"""How the demo's pages look and speak, and how often they were read."""

from statuspage.demo.seeding import seed

__all__ = ["seed"]
