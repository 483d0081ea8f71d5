"""A HAR that is called .jsonl was refused with "Input data was truncated"; only a .jsonl may be called .har."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from factories import make_exchange

from mirror.store.capture import read, save


@pytest.mark.parametrize("indent", [None, 2])
def test_it_is_read_as_what_it_is(indent: int | None, tmp_path: Path) -> None:
    save(tmp_path / "suite.har", [make_exchange(id="a-1")])
    archive = json.loads((tmp_path / "suite.har").read_text("utf-8"))
    (tmp_path / "suite.jsonl").write_text(json.dumps(archive, indent=indent), "utf-8")
    assert [exchange.id for exchange in read(tmp_path / "suite.jsonl")] == ["a-1"]
