"""Accident: a method of the user's own in Werkzeug's client ran over a copy of the globals of its module."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client, run_wsgi_app

from mirror import Mirror

count = 0


def counting(self: Any, environ: Any, buffered: bool = False, *, extra: str = "given") -> Any:
    global count
    count += len(extra) == 5
    return run_wsgi_app(self.application, environ, buffered)


def test_a_patch_that_was_there_first_works_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Client, "run_wsgi_app", counting)
    before = count
    with Mirror() as mirror:
        Flask(__name__).test_client().get("/")
    assert count == before + 1
    assert mirror.counts.made == 1
    assert Client.run_wsgi_app is counting
