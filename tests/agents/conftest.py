"""Runs of pytest beside real agents.

Where an agent is not installed its tests are skipped; with MIRROR_AGENTS_REQUIRED=1 they fail. Agents are looked for in
the folder MIRROR_AGENTS, in ``.agents`` of the checkout (where ``tests/agents/install`` puts them), and on the PATH.
"""

from __future__ import annotations

import pytest
from agents.programs import find


@pytest.fixture(autouse=True)
def agents(request: pytest.FixtureRequest) -> None:
    """The programs that a module names in AGENTS are here."""
    for name in request.module.AGENTS:
        find(name)
