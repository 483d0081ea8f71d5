"""gzip wrote the second of the clock into a test's name: two workers collected different tests, and none was run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_every_process_collects_the_same(request: pytest.FixtureRequest) -> None:
    # Seconds later, and with another hash seed: neither the clock nor the order of sets may stand in a name.
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTHONHASHSEED": "1"}
    environment.pop("PYTEST_ADDOPTS", None)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=200)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    collected = {line for line in done.stdout.splitlines() if "::" in line}
    assert len(collected) > 1000
    for item in request.session.items:
        name = item.nodeid.rpartition("@")[0] if item.get_closest_marker("xdist_group") else item.nodeid
        assert item.nodeid in collected or name in collected  # --dist loadgroup adds the group's name
