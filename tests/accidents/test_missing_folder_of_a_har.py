"""``mirror convert`` made a folder that was missing for a .jsonl, and refused it for a .har."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories import make_exchange

from mirror.errors import CaptureError
from mirror.store.capture import read, save


@pytest.mark.parametrize("name", ["suite.har", "suite.jsonl"])
def test_it_is_made(name: str, tmp_path: Path) -> None:
    target = tmp_path / "new" / "folder" / name
    assert save(target, [make_exchange()]) == 1
    assert len(list(read(target))) == 1


@pytest.mark.parametrize("name", ["suite.har", "suite.jsonl"])
def test_one_that_cannot_be_made_is_told(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CaptureError, match=rf"{name} cannot be written: .*; name another file"):
        save(tmp_path / "file" / "folder" / name, [make_exchange()])


def test_none_is_made_for_a_name_that_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match=r"is called \.jsonl"):
        save(tmp_path / "new" / "suite.json", [make_exchange()])
    assert not (tmp_path / "new").exists()
