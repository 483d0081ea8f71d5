"""Accident: a wrapper that somebody had put around our replacement was thrown away when we detached."""

from __future__ import annotations

import functools
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client

from mirror import Mirror


def test_a_wrapper_of_the_users_own_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Client, "run_wsgi_app", Client.run_wsgi_app)  # to be put back in the end
    calls: list[str] = []
    with Mirror() as mirror:
        inner = Client.run_wsgi_app

        @functools.wraps(inner)
        def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
            calls.append("theirs")
            return inner(self, *args, **kwargs)

        Client.run_wsgi_app = wrapper  # type: ignore[method-assign]
        Flask(__name__).test_client().get("/")
    assert Client.run_wsgi_app is wrapper
    Flask(__name__).test_client().get("/")
    assert calls == ["theirs", "theirs"]
    assert mirror.counts.made == 1
