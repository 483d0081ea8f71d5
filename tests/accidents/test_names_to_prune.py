"""Accident: who pruned a name of no form was not told the forms; a broken document was called a lost capture."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories import make_exchange, make_request, make_response
from runs import run
from verbs import mirror

from mirror.store.capture import save


def test_what_comes_back_is_said_once(tmp_path: Path) -> None:
    save(tmp_path / "a.jsonl", [make_exchange(make_request("GET", "/orders"), make_response(200, b"[]"))])
    learn = ("learn", "a.jsonl", "-o", "a.yaml", "--update")
    mirror(*learn, cwd=tmp_path)
    for name in ("GET /orders", "/orders"):
        told = mirror(*learn, "--prune", name, cwd=tmp_path).stderr
        assert told.count("/orders") == 1
        assert f"pruned, and learned anew: {name}\n" in told
    assert "'GET /orders 404' (a response)" in mirror(*learn, "--prune", "zzzzzz", cwd=tmp_path).stderr


def test_a_broken_document_is_no_capture(pytester: pytest.Pytester) -> None:
    pytester.makefile(".yaml", api="openapi: [")
    pytester.makepyfile(
        """
        from flask import Flask
        app = Flask(__name__)
        app.add_url_rule("/", "index", lambda: "x")
        def test():
            app.test_client().get("/")
        """
    )
    result = run(pytester, "--mirror", "--mirror-openapi", "api.yaml")
    result.stdout.fnmatch_lines(["  a document was lost: *api.yaml, line 1*"])
