"""Accident: what apispec and Flasgger read in docstrings (``tags``, ``summary``, ``operationId`` behind ``---``) was
not asked for: tags were those of blueprints or paths."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from learning import learned_from

from mirror.adapters.known import flask_routes
from mirror.openapi.document import openapi
from mirror.openapi.documented import NOTHING, Documented, in_docstring


def orders() -> dict[str, Any]:
    """All of them.
    ---
    get:
      tags: [sales, archive]
      summary: Every order
      description: |
        In *order*.
      operationId: everyOrder
      deprecated: true
      responses:
        200: {description: ok}
    post:
      tags: [made]
    """
    return {"id": 1}


def carts() -> dict[str, Any]:
    """A cart

    More of it.
    ---
    tags:
      - shopping
    responses:
      200:
        description: ok
    """
    return {"id": 1}


def test_what_is_said_there_is_said_of_the_operation() -> None:
    app = Flask(__name__)
    app.add_url_rule("/orders", "orders", orders, methods=["GET", "POST"])
    app.add_url_rule("/carts", "carts", carts)
    app.add_url_rule("/carts/<int:n>", "cart", carts)
    service = learned_from(app, lambda client: [client.get("/orders"), client.post("/orders"), client.get("/carts")])
    service.known.update(flask_routes(app.url_map, "", lambda: app))  # type: ignore[arg-type]
    paths = openapi(service)["paths"]
    every, made = paths["/orders"]["get"], paths["/orders"]["post"]
    assert {key: every[key] for key in ("tags", "summary", "description", "operationId", "deprecated")} == {
        "tags": ["sales", "archive"],
        "summary": "Every order",
        "description": "In *order*.",
        "operationId": "everyOrder",
        "deprecated": True,
    }
    assert (made["tags"], made["summary"]) == (["made"], "All of them")
    for path in ("/carts", "/carts/{n}"):
        cart = paths[path]["get"]
        assert (cart["tags"], cart["summary"], cart["description"]) == (["shopping"], "A cart", "More of it.")


@pytest.mark.parametrize(
    "behind",
    ["", "text", "- a\n- b", "get: text", "tags: [", "tags: sales\nsummary: [1]\ndeprecated: 1", "a: &a [*a]"],
)
def test_what_is_something_else_says_nothing(behind: str) -> None:
    assert in_docstring(f"One.\n\n---\n{behind}", "get") == NOTHING


def test_the_docstring_has_the_summary_where_the_yaml_has_none() -> None:
    assert in_docstring("One\nof them.\n---\ndescription: More.", "get") == Documented((), "One of them", "More.")
