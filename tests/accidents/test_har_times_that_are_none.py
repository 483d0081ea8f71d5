"""An entry that began "yesterday" and took "long" was read as one of 1970 that took no time, and nobody was told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from verbs import mirror

from mirror.exchange import Exchange
from mirror.store.capture import read, save
from mirror.store.reading import TOLD, Reading

DATE = "startedDateTime is no date-time (RFC 3339): when it began is not known"
TIME = "time is no number: how long it took is not known"


def entry(**times: Any) -> dict[str, Any]:
    return {"request": {"method": "GET", "url": "http://h.example/"}, "response": {"status": 200}, **times}


def archive(path: Path, *entries: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}))
    return path


def read_times(path: Path) -> tuple[list[tuple[float, float]], list[str], int]:
    reading = Reading()
    exchanges: list[Exchange] = list(read(path, reading))
    problems = [problem.partition("a.har ")[2] for problem in reading.problems]
    return [(each.started, each.elapsed) for each in exchanges], problems, reading.skipped


@pytest.mark.parametrize("began", ["yesterday", 1767225600, True, [], {"at": 1}, "2026-13-01T00:00:00Z"])
@pytest.mark.parametrize("took", ["long", "12", True, [1], {}])
def test_it_is_told(began: Any, took: Any, tmp_path: Path) -> None:
    path = archive(tmp_path / "a.har", entry(startedDateTime=began, time=12), entry(time=took))
    assert read_times(path) == ([(0.0, 0.012), (0.0, 0.0)], [f"entry 1: {DATE}", f"entry 2: {TIME}"], 0)


@pytest.mark.parametrize("times", [{}, {"startedDateTime": None, "time": None}, {"startedDateTime": ""}])
def test_one_that_says_nothing_is_enough(times: dict[str, Any], tmp_path: Path) -> None:
    assert read_times(archive(tmp_path / "a.har", entry(**times))) == ([(0.0, 0.0)], [], 0)


def test_what_mirror_wrote_stands_where_the_entry_says_nothing(tmp_path: Path) -> None:
    own = entry(startedDateTime="yesterday", time="long", _mirror={"started": 1767225600.5, "elapsed": 0.25})
    path = archive(tmp_path / "a.har", own)
    assert read_times(path) == ([(1767225600.5, 0.25)], [f"entry 1: {DATE}", f"entry 1: {TIME}"], 0)


def test_it_is_told_on_the_command_line(tmp_path: Path) -> None:
    archive(tmp_path / "a.har", entry(startedDateTime="yesterday"), entry())
    done = mirror("convert", "a.har", "b.jsonl", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stderr == f"mirror: a.har entry 1: {DATE}\nmirror: 2 exchanges written to b.jsonl\n"


def test_the_first_of_many_are_told(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.har", *[entry(time="long")] * 1000)
    times, problems, skipped = read_times(path)
    assert (len(times), len(problems), skipped) == (1000, TOLD, 0)
    assert save(tmp_path / "b.har", read(path)) == 1000
