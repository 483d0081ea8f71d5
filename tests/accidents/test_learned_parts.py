"""``mirror learn --split``: two parts whose names made one name of a file wrote it twice, the second over the first;
on a terminal they ran into each other; a question that one part could not answer was refused; and a password before a
host was a part of the name."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from factories import make_exchange, make_headers
from ruamel.yaml import YAML

from mirror import Exchange, Request
from mirror.cli.main import mirror
from mirror.errors import LearnError
from mirror.store.capture import save


def call(host: str, path: str) -> Exchange:
    return make_exchange(Request("GET", path, make_headers(("Host", host))), gateway="http")


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    save(tmp_path / "suite.jsonl", [call("a:8000", "/orders"), call("a-8000", "/things")])
    return tmp_path / "suite.jsonl"


def learn(*arguments: object) -> Result:
    return CliRunner().invoke(mirror, ["learn", *map(str, arguments)], catch_exceptions=False)


def test_each_part_has_a_file(capture: Path) -> None:
    assert learn(capture, "-o", capture.with_name("api.json"), "--split", "host").exit_code == 0
    written = {path.name: path.read_text() for path in capture.parent.glob("*.json")}
    assert written.keys() == {"api-a-8000.json", "api-a-8000-2.json"}
    assert "/things" in written["api-a-8000.json"]
    assert "/orders" in written["api-a-8000-2.json"]


def test_on_a_terminal_they_are_documents_of_one_stream(capture: Path) -> None:
    documents = list(YAML(typ="safe").load_all(learn(capture, "-o", "-", "--split", "host").stdout))
    assert [list(each["paths"]) for each in documents] == [["/things"], ["/orders"]]


def test_who_has_seen_a_fact_explains_it(capture: Path) -> None:
    assert learn(capture, "--split", "host", "--explain", "GET /orders").stdout.startswith("GET /orders: 1 sample\n")
    with pytest.raises(LearnError, match="GET /others was not seen"):
        learn(capture, "--split", "host", "--explain", "GET /others")


def test_nothing_is_updated_on_a_terminal(capture: Path) -> None:
    refused = learn(capture, "-o", "-", "--update")
    assert refused.exit_code == 2
    assert "--update keeps what stands in a file" in refused.output


def test_who_asks_is_no_part_of_a_host(tmp_path: Path) -> None:
    save(tmp_path / "suite.jsonl", [call("bob:hunter2@a", "/orders")])
    learn(tmp_path / "suite.jsonl", "-o", tmp_path / "api.yaml", "--split", "host", "--redact", "none")
    assert "title: a\n" in (tmp_path / "api-a.yaml").read_text()
