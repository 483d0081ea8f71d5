"""The verbs of the command line, each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def environment() -> dict[str, str]:
    """That of a process that finds this mirror, on a terminal of a known width."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "COLUMNS": "100"}


def mirror(*arguments: object, cwd: Path, patience: float = 60) -> subprocess.CompletedProcess[str]:
    """What ``mirror`` said within so many seconds. Fails where it ended with a traceback."""
    command = [sys.executable, "-m", "mirror", *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, env=environment(), capture_output=True, text=True, timeout=patience)
    assert "Traceback" not in done.stderr
    return done
