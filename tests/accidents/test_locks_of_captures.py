"""Two runs on one file: a look at it refused the run that opened it at that moment, an archive was overwritten while a
run was writing it, and what a killed run had left was moved away from under another."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest
from factories import make_exchange

from mirror.errors import CaptureError
from mirror.store import locking
from mirror.store.capture import keep_aside, open_store, partial_of, read, save
from mirror.store.locking import is_busy, move_aside, open_anew


def test_a_conversion_onto_an_archive_that_a_run_writes(tmp_path: Path) -> None:
    store = open_store(tmp_path / "run.har")
    with pytest.raises(CaptureError, match="a run is writing it"):
        save(tmp_path / "run.har", [])
    store.close()
    assert save(tmp_path / "run.har", []) == 0


def test_who_looks_at_the_moment_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "run.jsonl"
    path.touch()
    with path.open("rb") as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        monkeypatch.setattr(locking, "_rest", lambda seconds: looking.close())
        open_store(path).close()
    assert list(read(path)) == []


def test_two_who_look_are_no_run(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    path.touch()
    with path.open("rb") as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        assert not is_busy(path)


def test_a_file_that_was_removed_before_it_was_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its run has just ended: what is locked is a file without a name, and the next try finds the new one."""
    path = tmp_path / "run.jsonl"
    real = fcntl.flock
    removed = []

    def late(fd: int, operation: int) -> None:
        if not removed:
            removed.append(path)
            path.unlink()
        real(fd, operation)

    monkeypatch.setattr("fcntl.flock", late)
    fd = open_anew(path)
    try:
        assert os.path.samestat(os.fstat(fd), path.stat())
    finally:
        os.close(fd)


def test_what_is_being_written_or_has_just_been_made_keeps_its_name(tmp_path: Path) -> None:
    path, aside = tmp_path / "run.jsonl", tmp_path / "aside.jsonl"
    store = open_store(path)
    store.write(make_exchange())
    move_aside(path, aside)
    assert not aside.exists()
    store.close()
    move_aside(path, aside)
    assert aside.exists()
    path.touch()
    move_aside(path, tmp_path / "again.jsonl")
    assert path.exists()


def test_a_partial_is_moved_under_its_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    partial = partial_of(tmp_path / "run.har")
    partial.write_text("left by a killed run\n")
    real = Path.rename

    def rename(path: Path, target: Path) -> Path:
        assert is_busy(path)
        return real(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    keep_aside(partial)
    assert (tmp_path / "run.har.partial.1.jsonl").exists()
