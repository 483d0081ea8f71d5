"""A forked child that left the block of a Mirror made the parent's archive, and took away what it was made of."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from forks import in_a_child, needs_fork

from mirror import Mirror
from mirror.store.capture import read


@needs_fork
def test_the_archive_is_the_parents(tmp_path: Path) -> None:
    app = Flask(__name__)
    mirror = Mirror(capture=[str(tmp_path / "kept.har")]).start()
    app.test_client().get("/1")
    in_a_child(mirror.close)
    for number in range(3):
        app.test_client().get(f"/{number}")
    mirror.close()
    assert len(list(read(tmp_path / "kept.har"))) == 4
