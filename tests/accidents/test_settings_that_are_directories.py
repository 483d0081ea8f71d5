"""A capture that is called like a directory was told at the end of the run, not before its first test."""

from __future__ import annotations

from pathlib import Path

import pytest

from mirror import Settings
from mirror.errors import ConfigError


@pytest.mark.parametrize("field", ["capture", "openapi"])
def test_it_is_refused_like_any_other_setting(field: str, tmp_path: Path) -> None:
    path = tmp_path / ("kept.jsonl" if field == "capture" else "api.yaml")
    path.mkdir()
    with pytest.raises(ConfigError, match=rf"{field}= '.*': this is a directory: name a file in it"):
        Settings(**{field: str(path)})  # type: ignore[arg-type]
