"""Two archives of another tool's with the same file name, and no dates: what stood in the second one was left out."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from mirror.cli.merge import command
from mirror.store.capture import read


def archive(path: Path, *targets: str) -> str:
    path.parent.mkdir()
    entries = [
        {"request": {"method": "GET", "url": f"http://shop.example{target}"}, "response": {"status": 200}}
        for target in targets
    ]
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}))
    return str(path)


def test_both_are_merged(tmp_path: Path) -> None:
    one = archive(tmp_path / "unit" / "run.har", "/a", "/b")
    other = archive(tmp_path / "browser" / "run.har", "/a", "/c", "/d")
    run = CliRunner().invoke(command, [one, other, one, "-o", str(tmp_path / "all.jsonl")])
    assert run.exit_code == 0
    assert sorted(each.request.target for each in read(tmp_path / "all.jsonl")) == ["/a", "/b", "/c", "/d"]
