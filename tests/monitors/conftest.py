"""Checks run in an event loop of their own, whatever ran in the worker before."""

import asyncio
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def no_loop() -> Iterator[None]:
    """Playwright leaves its event loop in the thread until the worker ends."""
    left = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(left)
