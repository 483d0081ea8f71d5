"""Accident: with several parts, ``--prune`` was an error after a part had been written, because the others had not what
it named; which file that was about it did not say."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from factories import make_exchange, make_headers

from mirror import Exchange, Request
from mirror.cli.main import mirror
from mirror.errors import DocumentError
from mirror.store.capture import save


def call(host: str, path: str) -> Exchange:
    return make_exchange(Request("GET", path, make_headers(("Host", host))), gateway="http")


def learn(folder: Path, *more: str) -> Result:
    arguments = ["learn", folder / "run.jsonl", "--split", "host", "-o", folder / "api.yaml", *more]
    return CliRunner().invoke(mirror, [*map(str, arguments)], catch_exceptions=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save(tmp_path / "run.jsonl", [call("one", "/a"), call("one", "/old"), call("two", "/b")])
    assert learn(tmp_path).exit_code == 0
    save(tmp_path / "run.jsonl", [call("one", "/a"), call("two", "/b")])
    return tmp_path


def test_a_name_is_that_of_the_parts_that_have_it(folder: Path) -> None:
    done = learn(folder, "--update", "--prune", "GET /old")
    assert done.exit_code == 0
    assert "/old" not in (folder / "api-one.yaml").read_text()
    assert "/b" in (folder / "api-two.yaml").read_text()


def test_a_name_of_no_part_is_told_before_anything_is_written(folder: Path) -> None:
    before = {path.name: path.read_text() for path in folder.glob("*.yaml")}
    (folder / "api-two.yaml").rename(folder / "api-two.bak")  # a part that is not there yet
    with pytest.raises(DocumentError, match=r"'GET /oId' cannot be pruned: it is in none of .*api-one.yaml, .*api-two"):
        learn(folder, "--update", "--prune", "GET /old", "--prune", "GET /oId")
    assert (folder / "api-one.yaml").read_text() == before["api-one.yaml"]
    assert learn(folder, "--update", "--prune", "GET /old").exit_code == 0
