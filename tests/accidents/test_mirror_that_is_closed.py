"""Accidents: a step of close() that raised left the port open; what redaction could not do was told twice."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from mirror import Mirror


def test_a_step_that_raises_leaves_nothing_open(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mirror = Mirror(attach=False, capture=[str(tmp_path / "kept.har")]).start()

    def broken(reason: str) -> None:
        raise OSError("the recorder")

    monkeypatch.setattr(mirror.recorder, "close", broken)
    with pytest.raises(OSError, match="the recorder"):
        mirror.close()
    assert (tmp_path / "kept.har").exists()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", mirror.port))


def test_failures_of_redaction_are_told_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with Mirror(attach=False, capture=[str(tmp_path / "kept.jsonl")]) as mirror:
        monkeypatch.setattr("mirror.redact.redactor.Redactor.failures", 3)
        mirror.finish_captures()
    assert list(mirror.counts.remarks.values()) == [1]
