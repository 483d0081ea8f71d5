"""The verbs could not import a detector that stands beside the tests, as pytest can; one that raises went untold."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from factories import make_exchange, make_request

from mirror.store.capture import save

# As an installed script starts: the current folder is not on the path.
SCRIPT = "from mirror.cli.main import main; import sys; sys.path.remove(''); main()"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    rules = '[tool.mirror.redact]\ndetectors = ["own_rules:find"]\n'
    (tmp_path / "pyproject.toml").write_text(rules)
    save(tmp_path / "suite.jsonl", [make_exchange(make_request("GET", "/pots/teapot"))])
    return tmp_path


def mirror(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, timeout=60
    )


def test_one_in_the_current_folder_is_found(project: Path) -> None:
    (project / "own_rules.py").write_text("def find(text):\n    return [(6, 12)] if text == '/pots/teapot' else []\n")
    done = mirror("convert", "suite.jsonl", "out.har", cwd=project)
    assert (done.returncode, done.stderr) == (0, "mirror: 1 exchange written to out.har\n")
    assert "cannot be imported" not in mirror("scan", "suite.jsonl", cwd=project).stderr


def test_one_that_raises_is_told(project: Path) -> None:
    (project / "own_rules.py").write_text("def find(text):\n    raise ValueError(text)\n")
    done = mirror("convert", "suite.jsonl", "out.har", cwd=project)
    assert done.returncode == 0
    assert "replaced whole, because a detector raised on them" in done.stderr
    assert "teapot" not in done.stderr
