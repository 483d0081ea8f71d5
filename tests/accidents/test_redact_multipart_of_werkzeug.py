"""Werkzeug's client begins a multipart body with an empty line: every upload of a Flask suite was replaced whole."""

from __future__ import annotations

import io

from flask import Flask, request

from mirror import Mirror
from mirror.redact.redactor import Redactor


def test_only_the_secret_part_is_replaced() -> None:
    app = Flask(__name__)
    app.add_url_rule("/", "up", lambda: str(len(request.files)), methods=["POST"])
    with Mirror() as mirror:
        data = {"note": "hi", "password": "Hunter2cana", "file": (io.BytesIO(b"abc,def"), "a.csv", "text/csv")}
        app.test_client().post("/", data=data)
        (exchange,) = mirror.exchanges
    assert exchange.request.body.startswith(b"\r\n--")
    body = Redactor().redact(exchange).request.body
    assert b'name="note"\r\n\r\nhi\r\n' in body
    assert b"abc,def" in body
    assert b'filename="a.csv"' in body
    assert b"Hunter2cana" not in body
