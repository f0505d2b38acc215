"""The demo's components and ninety days of what happened to them."""

from incidents.demo.seeding import seed

__all__ = ["seed"]
