"""The README's first command: what it prints, and the documents that it leaves."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from openapi_spec_validator import validate
from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent


def test_it_shows_the_traffic_and_what_was_learned(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "examples/demo.py"), "--observer", "tee", "--output", str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=200)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(re.findall(r"mirror published (\d+), .* saw \1: the same", done.stdout)) == 2
    for example, path in (("flask_app", "/orders/{order_id}"), ("fastapi_app", "/books/{book_id}")):
        document = YAML(typ="safe").load(tmp_path / f"{example}.yaml")
        validate(document)
        assert path in document["paths"]
        assert f"{example}.yaml: " in done.stdout
