"""A suite that makes the cases of the table of shapes that are named in the file beside it (see agents.suite)."""

from __future__ import annotations

from pathlib import Path

import pytest
from shapes import CASES, Adapter, Shape

NAMES = frozenset(Path(__file__).with_name("cases").read_text().splitlines())
CHOSEN = {f"{shape.name}-{adapter.name}": (shape, adapter) for shape, adapter in CASES}


@pytest.mark.parametrize(("shape", "adapter"), [CHOSEN[name] for name in sorted(NAMES)], ids=sorted(NAMES))
def test_shape(shape: Shape, adapter: Adapter) -> None:
    adapter.call(shape)
