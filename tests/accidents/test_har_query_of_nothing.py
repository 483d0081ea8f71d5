"""The reader of archives dropped the ``?`` of a URL with an empty query: verify called an intact exchange altered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mirror.store.capture import read


@pytest.mark.parametrize("target", ["/a?", "/a", "/?", "/a??", "/a?x=1"])
def test_it_stays(target: str, tmp_path: Path) -> None:
    entry = {
        "startedDateTime": "2026-01-01T00:00:00Z",
        "request": {"method": "GET", "url": f"http://localhost{target}#part", "headers": []},
        "response": {"status": 200, "headers": [], "content": {}},
    }
    path = tmp_path / "other.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": [entry]}}))
    assert [each.request.target for each in read(path)] == [target]
