"""Buttons as a person presses them: with what the page that shows them has in its form."""

import re

from django.test import Client


def showing(client: Client, path: str, form: str = "") -> str:
    """Return the id that the form with this address on the page shown at `path` carries."""
    page = client.get(path).content.decode()
    found = re.search(
        rf'action="{form or path}"[^>]*>.*?name="submission_id" value="(\w{{26}})"', page
    )
    assert found, f"no id in the form of {form or path}"
    return found[1]
