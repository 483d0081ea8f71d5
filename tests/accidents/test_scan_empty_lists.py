"""``mirror scan`` took ``"cookies":[]`` for a cookie: a HAR that was cut in half had 206 of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from mirror.redact.scan import find


@pytest.mark.parametrize(
    "text",
    [
        'INFO {"cookies":[],"a":1}\n',
        '"password": []\n',
        '{"log": {"entries": [{"request": {"cookies":[], "headers":[{"name": "X", "value": "1"}]}, "cookies":[',
        '"tokens":[{"a": 1}],\n',
        "cookies=[]\n",
    ],
)
def test_an_empty_list_is_no_secret(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.har").write_text(text)
    assert not list(find(tmp_path))


def test_what_is_in_brackets_is_one(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("password=[Hunter-22x9]\n")
    assert len(list(find(tmp_path))) == 1
