"""Accident: of two processes that brought what they had learned into one document at once, one undid the other's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from factories import make_exchange, make_request, make_response

from mirror import Route
from mirror.openapi.reading import read
from mirror.store.capture import save


def test_both_are_there(tmp_path: Path) -> None:
    names = "abc"
    for name in names:
        paths = [f"/{name}/{name * number}" for number in range(1, 60)]
        save(
            tmp_path / f"{name}.jsonl",
            [make_exchange(make_request("GET", path), make_response(200, b"{}"), route=Route(path)) for path in paths],
        )
    command = [sys.executable, "-m", "mirror", "learn", "-o", "api.yaml", "--update"]
    running = [subprocess.Popen([*command, f"{name}.jsonl"], cwd=tmp_path) for name in names]
    assert [each.wait(60) for each in running] == [0, 0, 0]
    document = read((tmp_path / "api.yaml").read_text("utf-8"), "api.yaml")
    assert len(document["paths"]) == 59 * len(names)
    assert not [*tmp_path.glob(".*")]
