"""A run whose HAR could not be written said so, but not where its exchanges had been kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories import make_exchange

from mirror.errors import CaptureError
from mirror.store.capture import HarStore, read


def test_it_says_where_its_exchanges_are(tmp_path: Path) -> None:
    store = HarStore(tmp_path / "suite.har")
    store.write(make_exchange(id="a-1"))
    (tmp_path / "suite.har").mkdir()  # stands in for a disk that is full
    with pytest.raises(CaptureError, match=r"suite\.har .*; its exchanges stay in suite\.har\.partial\.jsonl"):
        store.close()
    assert [exchange.id for exchange in read(tmp_path / "suite.har.partial.jsonl")] == ["a-1"]
