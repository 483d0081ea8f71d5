"""A line of many keys whose last stood there twice took time that grew with the square of their number: 44 seconds for
40,000 of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories import make_exchange

from mirror.errors import CaptureError
from mirror.store.capture import read, save

KEYS = "".join(f'"{number}":0,' for number in range(200_000)) + '"199999":0'


@pytest.mark.timeout(30)
@pytest.mark.parametrize("suffix", [".jsonl", ".har"])
def test_it_is_told_at_once(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    save(path, [make_exchange()])
    begin = '"request":{'
    path.write_text(path.read_text().replace(begin, f'"more":{{{KEYS}}},{begin}'))
    with pytest.raises(CaptureError, match="the key '199999' stands there twice"):
        list(read(path))
