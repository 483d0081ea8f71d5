"""Runs of pytest beside real agents.

Where an agent is not installed its tests are skipped; with MIRROR_AGENTS_REQUIRED=1 they fail. Agents are looked for in
the folder MIRROR_AGENTS, in ``.agents`` of the checkout (where ``tests/agents/install`` puts them), and on the PATH.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from agents.learned import Learned, learn
from agents.programs import find


@pytest.fixture(autouse=True)
def agents(request: pytest.FixtureRequest) -> None:
    """The programs that a module names in AGENTS are here."""
    for name in request.module.AGENTS:
        find(name)


@pytest.fixture(scope="session")
def learned_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Learned]:
    """Gives what is learned from the suite of an application; each is run once."""
    made: dict[str, Learned] = {}

    def get(name: str) -> Learned:
        if name not in made:
            made[name] = learn(name, tmp_path_factory.mktemp(name))
        return made[name]

    return get
