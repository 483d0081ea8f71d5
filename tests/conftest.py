"""What every test gets: ``pytester``, an environment that says nothing to mirror, and a look at what is left behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from mirror.config import OPTIONS

pytest_plugins = ["pytester"]


@pytest.fixture(autouse=True)
def no_mirror_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own MIRROR_PORT must not reach the tests."""
    monkeypatch.delenv("MIRROR", raising=False)
    for option in OPTIONS:
        monkeypatch.delenv(f"MIRROR_{option.name.upper()}", raising=False)


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left() -> Iterator[None]:
    """No thread of a mirror outlives the tests. (An unclosed socket is a ResourceWarning, and so an error.)"""
    before = mirror_threads()
    yield
    assert mirror_threads() <= before


def mirror_threads() -> set[str]:
    return {thread.name for thread in threading.enumerate() if thread.name.startswith("mirror-")}
