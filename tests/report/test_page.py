"""The file: nothing in it can run or leave, the same captures give the same bytes, and the verb that writes it."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import stat
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from factories import make_exchange, make_request, make_response
from reports import BREAKING, JSON, hostile, many, shop, written

from mirror.report.page import embedded
from mirror.store.capture import read, save


class Elements(HTMLParser):
    """The elements of a page as a browser sees them: the name of each, its attributes and the text in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, list[str]]] = []
        self.texts: list[str] = []
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, [name for name, _ in attrs]))
        self.texts.append("")
        self._inside = True

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts[-1] += data

    @property
    def scripts(self) -> list[str]:
        return [text for (tag, _), text in zip(self.found, self.texts, strict=True) if tag == "script"]


def test_what_is_hostile_stays_in_its_place(tmp_path: Path) -> None:
    tame = Elements(written(tmp_path / "tame.html", shop()).read_text("ascii"))
    page = written(tmp_path / "hostile.html", hostile(), title=BREAKING).read_text("ascii")
    wild = Elements(page)
    assert wild.found == tame.found
    index, raw, script = wild.scripts
    assert json.loads(index)["title"] == BREAKING
    assert BREAKING in [each[0] for each in json.loads(raw)["exchanges"]]
    assert script == tame.scripts[2]


def test_only_its_own_script_may_run_and_nothing_may_leave(tmp_path: Path) -> None:
    page = written(tmp_path / "r.html", shop()).read_text("ascii")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    rules = dict(rule.split(" ", 1) for rule in policy[1].split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["base-uri"] == rules["form-action"] == "'none'"
    script = Elements(page).scripts[2]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert rules["script-src"] == f"'sha256-{digest}'"
    assert not re.search(r'(?:src|href)="(?!data:,|#)', page), "nothing is fetched"
    assert "http://" not in script
    assert "https://" not in script
    assert "innerHTML" not in script


def test_the_same_captures_give_the_same_bytes(tmp_path: Path) -> None:
    """Secrets of other tools' captures included: their placeholders come from the captures."""
    secret = make_exchange(
        make_request("POST", "/login", b'{"password":"hunter2-hunter2"}', headers=JSON), make_response(200), id="s"
    )  # fmt: skip
    save(tmp_path / "a.jsonl", [*shop(), secret])
    pages = []
    for seed in ("1", "2"):
        report("a.jsonl", "-o", "r.html", cwd=tmp_path, PYTHONHASHSEED=seed)
        pages.append((tmp_path / "r.html").read_bytes())
    assert pages[0] == pages[1]
    assert b"hunter2" not in pages[0]
    report("a.jsonl", "-o", "r.html", "--redact", "none", cwd=tmp_path)
    assert b"hunter2" in (tmp_path / "r.html").read_bytes()


def test_the_verb_says_what_it_wrote(tmp_path: Path) -> None:
    save(tmp_path / "a.jsonl", shop())
    done = report("a.jsonl", "-o", "sub/r.html", "--title", "Shop", cwd=tmp_path)
    assert done.returncode == 0
    assert re.fullmatch(r"mirror: sub/r\.html: 6 exchanges, [\d.]+ kB\n", done.stderr)
    assert stat.S_IMODE((tmp_path / "sub/r.html").stat().st_mode) == 0o600
    assert "<title>Shop</title>" in (tmp_path / "sub/r.html").read_text("ascii")


def test_nothing_to_show(tmp_path: Path) -> None:
    save(tmp_path / "a.jsonl", [])
    done = report("a.jsonl", "-o", "r.html", cwd=tmp_path)
    assert done.returncode == 3
    assert not (tmp_path / "r.html").exists()


@pytest.mark.parametrize(
    "arguments", [("b.jsonl", "-o", "r.html"), ("a.jsonl", "-o", "a.jsonl"), ("a.jsonl", "-o", "."), ("a.jsonl",)]
)
def test_what_cannot_be_read_or_written(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    save(tmp_path / "a.jsonl", shop())
    done = report(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]
    assert len(list(read(tmp_path / "a.jsonl"))) == 6


def test_a_large_capture(tmp_path: Path) -> None:
    huge = make_exchange(
        make_request("POST", "/up", b'{"a":"' + b"x" * 10_000_000 + b'"}'), make_response(200, b"\xff" * 10_000_000)
    )
    assert written(tmp_path / "r.html", [*many(500), huge]).stat().st_size < 3_000_000


def test_numbers_that_json_does_not_have() -> None:
    assert json.loads(embedded([float("nan"), {"a": (float("inf"), 1.5)}])) == ["nan", {"a": ["inf", 1.5]}]


def report(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment}
    command = [sys.executable, "-m", "mirror", "report", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
