"""Accident: a response kept its application alive by way of the observed call."""

from __future__ import annotations

import gc
import weakref

from flask import Flask

from mirror import Mirror


def test_the_application_is_freed_while_its_response_is_kept() -> None:
    def call() -> tuple[object, weakref.ref[Flask]]:
        app = Flask(__name__)
        app.add_url_rule("/", view_func=lambda: "here")
        return app.test_client().get("/"), weakref.ref(app)

    def freed() -> bool:
        gc.disable()
        try:
            response, application = call()
            gone = application() is None
            del response
        finally:
            gc.enable()
        return gone

    bare = freed()
    with Mirror():
        assert freed() is bare
