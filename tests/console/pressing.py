"""Buttons as a person presses them: with what the page that shows them has in its form."""

import re

from django.test import Client


def showing(client: Client, path: str, form: str = "") -> str:
    """Return the id that the page at `path` carries, or its form with this address."""
    page = client.get(path).content.decode()
    within = rf'action="{form}"[^>]*>.*?' if form else ""
    found = re.search(rf'{within}name="submission_id" value="(\w{{26}})"', page)
    assert found, f"no id in the form {form} of {path}"
    return found[1]
