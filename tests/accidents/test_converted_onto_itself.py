"""``mirror convert a.jsonl a.jsonl`` and ``mirror merge a.jsonl b.jsonl -o a.jsonl`` wrote over what they read, and a
URL to write to became a folder called ``http:``."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories import make_exchange
from verbs import mirror

from mirror.store.capture import save


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.jsonl", "b.jsonl", "c.har"):
        save(tmp_path / name, [make_exchange()])
    (tmp_path / "link.jsonl").symlink_to("a.jsonl")
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ["convert", "a.jsonl", "a.jsonl"],
        ["convert", "a.jsonl", "link.jsonl"],
        ["convert", "link.jsonl", "./a.jsonl"],
        ["convert", "c.har", "c.har", "--redact", "none"],
        ["merge", "a.jsonl", "b.jsonl", "-o", "b.jsonl"],
        ["merge", "a.jsonl", "b.jsonl", "-o", "link.jsonl", "--keep-going"],
    ],
)
def test_it_is_refused(arguments: list[str], folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = mirror(*arguments, cwd=folder)
    assert done.returncode == 2
    assert "is read, and would be written over: name another file to write" in done.stderr
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("url", ["http://me:pass-1@x.example/y.har", "S3://bucket/y.jsonl", "dir::s3://b/y.har"])
def test_a_url_is_refused(url: str, folder: Path) -> None:
    before = sorted(folder.iterdir())
    for arguments in (["convert", "a.jsonl", url], ["merge", "a.jsonl", "b.jsonl", "-o", url]):
        done = mirror(*arguments, cwd=folder)
        assert done.returncode == 2
        assert "is a URL: name a file, and copy it there" in done.stderr
        assert "pass-1" not in done.stderr
    assert sorted(folder.iterdir()) == before


def test_another_file_that_is_there_is_written_over(folder: Path) -> None:
    assert mirror("convert", "a.jsonl", "b.jsonl", cwd=folder).returncode == 0
    assert mirror("merge", "a.jsonl", "c.har", "-o", "b.jsonl", cwd=folder).returncode == 0
