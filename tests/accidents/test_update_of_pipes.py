"""Accident: ``mirror learn --update`` waited for ever where a pipe stood in the document's place, and without
``--update`` a regular file took its place; so it went with reports."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from learning import called
from verbs import mirror

from mirror.store.capture import save


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such pipes here")
@pytest.mark.parametrize(
    ("verb", "name"),
    [
        (("learn", "run.jsonl", "--update", "-o"), "api.yaml"),
        (("learn", "run.jsonl", "-o"), "api.yaml"),
        (("report", "run.jsonl", "-o"), "report.html"),
        (("convert", "run.jsonl"), "run.har"),
    ],
)
def test_pipes_are_refused(tmp_path: Path, verb: tuple[str, ...], name: str) -> None:
    save(tmp_path / "run.jsonl", [called("GET", "/a", "/a")])
    os.mkfifo(tmp_path / name)
    done = mirror(*verb, name, cwd=tmp_path)
    assert done.returncode == 2
    assert "is no ordinary file" in done.stderr
    assert (tmp_path / name).is_fifo()
