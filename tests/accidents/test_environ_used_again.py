"""Accident: the mark stayed in an environ, and the next call with it was let pass as if somebody had recorded it."""

from __future__ import annotations

from typing import Any

from flask import Flask, request

from mirror import Mirror
from mirror.adapters.wsgi import WsgiObserver


def test_a_client_call_with_the_environ_of_another() -> None:
    environs: list[Any] = []
    app = Flask(__name__)

    @app.get("/")
    def home() -> str:
        environs.append(request.environ)
        if len(environs) == 1:
            app.test_client().get("/", environ_base=request.environ)
        return "here"

    with Mirror() as mirror:
        app.test_client().get("/")
        app.test_client().get("/", environ_base=environs[0])
        assert mirror.counts.made == mirror.counts.published == 3


def test_an_observed_application_called_twice_with_one_environ() -> None:
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_HOST": "here"}
    with Mirror(attach=False) as mirror:
        observed = WsgiObserver(Flask(__name__), mirror.recorder)
        for _ in range(2):
            assert b"".join(observed(dict(environ) | {"wsgi.url_scheme": "http"}, lambda *head: None))
        assert mirror.counts.made == 2
