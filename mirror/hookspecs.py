"""Hooks of the pytest plugin, for a conftest or another plugin. (PYTEST_DONT_REWRITE: see mirror.pytest_plugin.)"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mirror.counts import Counts
    from mirror.exchange import Exchange


def pytest_mirror_exchange(exchange: Exchange) -> None:
    """Called for each exchange that is kept, when it has been published or has failed to be.

    What it raises counts as a loss.
    """


@pytest.hookspec()
def pytest_mirror_summary(config: pytest.Config, counts: Counts) -> None:
    """Called once at the end of a mirrored run with its numbers (under xdist: all workers', in the controller)."""
