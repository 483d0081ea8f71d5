"""Accident: ``--explain`` said of a file that was sent and accepted that it was not seen."""

from __future__ import annotations

import io
from typing import Any

from flask import Flask
from learning import learned_from

from mirror.openapi.explain import explain


def test_a_file_is_explained() -> None:
    app = Flask(__name__)
    app.add_url_rule("/a", "a", lambda: {"id": 1}, methods=["POST"])

    def calls(client: Any) -> None:
        for files in ([(io.BytesIO(b"a"), "a.txt")], [(io.BytesIO(b"a"), "a.png"), (io.BytesIO(b"b"), "b.png")]):
            assert client.post("/a", data={"file": files, "kind": "x"}).status_code == 200
        assert client.post("/a", data={"kind": "x", "note": (io.BytesIO(b"n"), "n.txt")}).status_code == 200

    service = learned_from(app, calls)

    def told(name: str) -> str:
        return explain(service, f"POST /a request #/{name}")[-1].strip()

    assert told("file") == "#/file: in 2 of 3 samples; a file; 1 time several of them; called image/png, text/plain"
    assert told("kind").startswith("#/kind: in 3 of 3 samples; texts like ")
    assert told("fil") == "#/fil: not seen: did you mean file?"
