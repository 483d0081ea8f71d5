"""An entry whose status is no integer was passed over as one that had been blocked, with exit status 0."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from factories import make_exchange

from mirror.errors import CaptureError
from mirror.store.capture import read, save
from mirror.store.reading import Reading


def archive(path: Path, response: Any) -> Path:
    save(path, [make_exchange(), make_exchange()])
    said = json.loads(path.read_text())
    said["log"]["entries"][0]["response"] = response
    path.write_text(json.dumps(said))
    return path


@pytest.mark.parametrize("status", ["200", "abc", 200.5, True, [200], {}])
def test_it_is_an_error(status: Any, tmp_path: Path) -> None:
    path = archive(tmp_path / "agent.har", {"status": status})
    with pytest.raises(CaptureError, match=r"agent\.har entry 1: .* the status .* is no integer"):
        list(read(path))


@pytest.mark.parametrize("response", [None, {}, {"status": None}, {"status": 0}, {"status": -1}])
def test_one_that_was_blocked_is_passed_over(response: Any, tmp_path: Path) -> None:
    reading = Reading()
    assert len(list(read(archive(tmp_path / "agent.har", response), reading))) == 1
    assert reading.skipped == 1
