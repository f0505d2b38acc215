"""What is imported and collected stays to the end: no test waits while it is looked through."""

import gc

import pytest

gc.disable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    gc.collect()
    gc.freeze()
    # Seldom: what a test leaves behind is little, and what the matcher has read is much.
    gc.set_threshold(10_000)
    gc.enable()
