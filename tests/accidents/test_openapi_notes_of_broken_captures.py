"""Accident: what a capture said of values (``notes`` of a declaration) was believed unread: a limit of another type, a
pattern that is none or a declaration a thousand levels deep ended in a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from verbs import mirror

BAD = [
    ("pattern", '"(("'), ("pattern", "5"), ("minLength", '"x"'), ("minLength", "null"), ("minLength", "-5"),
    ("minimum", '"a"'), ("minimum", "NaN"), ("minimum", "x"), ("multipleOf", "0"), ("multipleOf", '"3"'),
    ("readOnly", '"yes"'), ("description", "[]"), ("default", "{"),
]  # fmt: skip


@pytest.mark.parametrize(("word", "text"), BAD)
@pytest.mark.parametrize("redact", ["store", "none"])
def test_they_are_told(word: str, text: str, redact: str, tmp_path: Path) -> None:
    declared = {"part": "200", "pointer": "name", "kinds": ["string"], "notes": [[word, text]]}
    told = learned_from(tmp_path, {"declared": [declared]}, redact)
    assert "line 2" in told
    assert f"the note {word} is" in told


@pytest.mark.parametrize(
    "route", [{"info": [["contact", "nope"]]}, {"declared": [{"part": "200", "pointer": "*/" * 1500}]}]
)
def test_so_is_the_rest(route: dict[str, object], tmp_path: Path) -> None:
    assert "line 2" in learned_from(tmp_path, route, "none")


def learned_from(folder: Path, route: dict[str, object], redact: str) -> str:
    """What ``mirror learn`` says of a capture with such a route."""
    lines: list[dict[str, object]] = [
        {"type": "capture", "version": 1, "creator": "x", "created": "2026-01-01T00:00:00+00:00"},
        {"type": "routes", "routes": [{"template": "/a", "method": "GET", **route}]},
    ]
    (folder / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    done = mirror("learn", "a.jsonl", "-o", "a.yaml", "--redact", redact, cwd=folder)
    assert done.returncode == 2, done
    assert "Traceback" not in done.stderr
    assert not (folder / "a.yaml").exists()
    return done.stderr
