"""An operation of Flask's whose endpoint is called ``static`` was listed only when a test had called it: it was taken
for the files of its blueprint."""

from __future__ import annotations

import json
from pathlib import Path

import flask

from mirror import Mirror


def test_they_are_listed(tmp_path: Path) -> None:
    app = flask.Flask("shop", static_folder="static")
    admin = flask.Blueprint("admin", __name__, url_prefix="/admin")
    admin.add_url_rule("/static", "static", lambda: "no change")
    app.register_blueprint(admin)
    app.add_url_rule("/home", "home", lambda: "home")
    document = tmp_path / "openapi.json"
    with Mirror(openapi=str(document)):
        app.test_client().get("/home")
    assert list(json.loads(document.read_text())["paths"]) == ["/admin/static", "/home"]
