"""What was no capture was told without a remedy, and a version of 400 digits in full."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from mirror.errors import CaptureError
from mirror.store.capture import read

ARCHIVE = '{"log":{"version":"1.2","entries":[]}}'
LINE = '{"type":"capture","version":1}\n'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (gzip.compress(b"{}", mtime=0), "gunzip it first"),
        (LINE.encode("utf-16"), "convert it to UTF-8 first"),
        (LINE.encode("utf-16-le"), "convert it to UTF-8 first"),
        (LINE.encode("utf-16-be"), "convert it to UTF-8 first"),
        (bytes(5000), "null bytes"),
        (b"PK\x03\x04", "unzip it first"),
    ],
)
@pytest.mark.parametrize("name", ["other.jsonl", "other.har"])
def test_what_it_is_and_what_to_do(content: bytes, why: str, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CaptureError, match=r"this is no (HAR|capture of mirror's): ") as caught:
        list(read(tmp_path / name))
    assert why in str(caught.value)


@pytest.mark.parametrize("content", [b"hello", b"null", b"[]", b"{}"])
def test_what_a_capture_looks_like(content: bytes, tmp_path: Path) -> None:
    for name, form in (("other.har", '{"log": {'), ("other.jsonl", '{"type":"capture","version":1')):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(CaptureError) as caught:
            list(read(tmp_path / name))
        assert form in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("new.jsonl", LINE.replace("1", "9" * 400)),
        ("new.jsonl", LINE.replace("1", "-" + "9" * 400)),
        ("new.har", ARCHIVE.replace("1.2", "9" * 400)),
    ],
)
def test_a_long_version_is_cut(name: str, content: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(CaptureError, match=r"version -?9{30}") as caught:
        list(read(tmp_path / name))
    assert "9" * 41 not in str(caught.value)
