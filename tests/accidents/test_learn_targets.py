"""Accident: ``mirror learn --sdl`` wrote the schema over the capture that it had read; a URL became a folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from factories import make_exchange, make_request, make_response
from verbs import mirror

from mirror.store.capture import save

CALL = json.dumps({"query": "{ shop { name } }"}).encode()
ANSWER = json.dumps({"data": {"shop": {"name": "x"}}}).encode()
JSON = [("Content-Type", "application/json")]


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    path = tmp_path / "g.jsonl"
    exchange = make_exchange(
        make_request("POST", "/graphql", CALL, headers=JSON), make_response(200, ANSWER, headers=JSON)
    )
    save(path, [exchange])
    return path


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            ["--sdl", "g.jsonl", "-o", "o.yaml"],
            "g.jsonl is read, and would be written over: name another file to write",
        ),
        (["--sdl", "o.yaml", "-o", "o.yaml"], "o.yaml cannot be both the document and the schema"),
        (["-o", "https://h.example/o.yaml"], "is a URL: name a file"),
        (["-o", "o.yaml", "--server", "http://x y"], "the server 'http://x y' is no URL"),
        (["-o", "o.yaml", "--server", ""], "the server '' is no URL"),
    ],
)
def test_what_would_be_lost_is_refused(capture: Path, options: list[str], said: str) -> None:
    before = capture.read_bytes()
    done = mirror("learn", "g.jsonl", *options, cwd=capture.parent)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())
    assert capture.read_bytes() == before
    assert [each.name for each in capture.parent.iterdir()] == ["g.jsonl"]


def test_archives_with_half_characters_in_routes(tmp_path: Path) -> None:
    entry = {
        "request": {"method": "GET", "url": "http://h/a"},
        "response": {
            "status": 200,
            "headers": [{"name": "Content-Type", "value": "text/plain"}],
            "content": {"text": "b"},
        },
        "_mirror": {"id": "a-1", "target": "/a", "route": {"template": "/\ud800", "endpoint": "e\ud800"}},
    }
    (tmp_path / "s.har").write_text(json.dumps({"log": {"entries": [entry]}}))
    done = mirror("report", "s.har", "-o", "s.html", cwd=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
