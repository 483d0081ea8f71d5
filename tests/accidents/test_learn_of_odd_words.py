"""Accidents: a question about nothing, half characters in names, lines that end with CR alone and a path that is no
mapping ended ``mirror learn`` with a traceback, broke the document, or left out in silence what was seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories import make_exchange, make_request, make_response
from verbs import mirror

from mirror import Route
from mirror.store.capture import save

HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n"
JSON = [("Content-Type", "application/json")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    answer = make_response(200, b'{"id": 1}', headers=JSON)
    save(tmp_path / "c.jsonl", [make_exchange(make_request("GET", "/a"), answer, route=Route("/a", "a"))])
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--explain", ""], "it asks about nothing"),
        (["--explain", "  "], "it asks about nothing"),
        (["--explain", "GET /\udcff"], "was not seen"),
        (["-o", "o.yaml", "--update", "--prune", "\udcff"], "cannot be pruned"),
    ],
)
def test_questions(folder: Path, arguments: list[str], said: str) -> None:
    (folder / "o.yaml").write_text(HEAD + "  /b: {}\n")
    done = mirror("learn", "c.jsonl", *arguments, cwd=folder)
    assert done.returncode == 2
    assert said in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD.replace("\n", "\r") + "  /a: {}\rtags:\r- name: x\r", "lines that end with CR alone"),
        (HEAD + "  /b: {} # one\r  /c: {}\n", "lines that end with CR alone"),
        (HEAD + "  /a: x\n", "#/paths/~1a is no mapping"),
        (HEAD + "  /a: [x]\n", "#/paths/~1a is no mapping"),
    ],
)
def test_documents_that_cannot_be_brought_up_to_date_stay_as_they_are(folder: Path, text: str, said: str) -> None:
    (folder / "o.yaml").write_bytes(text.encode())
    done = mirror("learn", "c.jsonl", "-o", "o.yaml", "--update", cwd=folder)
    assert done.returncode == 2
    assert said in done.stderr
    assert (folder / "o.yaml").read_bytes() == text.encode()


def test_half_characters_in_a_path_of_the_document(folder: Path) -> None:
    (folder / "o.yaml").write_text(HEAD + '  "/\\ud800": {}\n')
    assert mirror("learn", "c.jsonl", "-o", "o.yaml", "--update", cwd=folder).returncode == 0
    assert "  /a:\n" in (folder / "o.yaml").read_text()


def test_the_schema_on_a_terminal(folder: Path) -> None:
    sent = b'{"query": "{ shop { name } }"}'
    answer = make_response(200, b'{"data": {"shop": {"name": "x"}}}', headers=JSON)
    save(folder / "g.jsonl", [make_exchange(make_request("POST", "/graphql", sent, headers=JSON), answer)])
    done = mirror("learn", "g.jsonl", "-o", "o.yaml", "--sdl", "-", cwd=folder)
    assert (done.returncode, "type Query {" in done.stdout) == (0, True)
    assert not (folder / "-").exists()
