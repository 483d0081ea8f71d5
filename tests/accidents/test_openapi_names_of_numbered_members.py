"""Accident: what marshmallow says is wrong with the first of some lines (``{"lines": {"0": {...}}}``) was a component
called ``_0``."""

from __future__ import annotations

from typing import Any

from flask import Flask
from learning import learned_from

from mirror.openapi.document import openapi


def test_a_number_is_no_name() -> None:
    app = Flask(__name__)
    wrong = {"lines": {"0": {"sku": ["Missing"], "count": ["Missing"]}}}

    @app.post("/orders")
    def order() -> Any:
        return {"errors": wrong}, 422

    def calls(client: Any) -> None:
        for _ in range(3):
            client.post("/orders", json={"lines": [{}]})

    names = openapi(learned_from(app, calls))["components"]["schemas"].keys()
    assert names
    assert all(name[0].isalpha() for name in names)
