"""Finishing the captures took a sink out of the list that another thread was going through: that one passed over the
next sink."""

from __future__ import annotations

from pathlib import Path

from mirror import Mirror


def test_whoever_goes_through_the_sinks_meets_them_all(tmp_path: Path) -> None:
    with Mirror(attach=False, capture=[str(tmp_path / "kept.jsonl")]) as mirror:
        sinks = mirror.recorder.sinks
        before = list(sinks)
        mirror.finish_captures()
        assert sinks == before
        assert len(mirror.recorder.sinks) == len(before) - 1
