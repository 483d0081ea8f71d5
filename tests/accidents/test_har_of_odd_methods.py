"""Entries with a method that is none, or a status beyond all, ended mirror learn in a traceback or made other paths."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mirror.errors import CaptureError
from mirror.openapi.version30 import downgrade
from mirror.store.capture import read


def archive(path: Path, method: str, status: Any) -> Path:
    entry = {
        "startedDateTime": "2026-01-01T00:00:00Z",
        "request": {"method": method, "url": "http://localhost/a", "headers": []},
        "response": {"status": status, "headers": [], "content": {}},
    }
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": [entry]}}))
    return path


@pytest.mark.parametrize(
    ("method", "status"), [("FOO BAR", 200), ("A /b", 200), ("", 200), ("\ud800", 200), ("GET", 1e308)]
)
def test_they_are_told(method: str, status: Any, tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match="entry 1: no entry of HAR"):
        list(read(archive(tmp_path / "a.har", method, status)))


@pytest.mark.parametrize("method", ["PURGE", "M-SEARCH", "get"])
def test_other_methods_are_methods(method: str, tmp_path: Path) -> None:
    assert [each.request.method for each in read(archive(tmp_path / "a.har", method, 200))] == [method]


def test_names_are_no_keywords() -> None:
    said = {"type": ["string", "null"]}
    operation = {
        "x-graphql": {"schemas": {"kind": "query", "variables": said}},
        "headers": {"schema": {"schema": said}},
    }
    old = {"type": "string", "nullable": True}
    assert downgrade({"paths": {"/a": operation}})["paths"]["/a"] == {
        "x-graphql": {"schemas": {"kind": "query", "variables": old}},
        "headers": {"schema": {"schema": old}},
    }
