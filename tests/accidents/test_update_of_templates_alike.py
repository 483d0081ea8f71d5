"""Accident: of two routes that differ in nothing but their parameters (``/products/<any(new, sale):collection>`` and
``/products/<int:product_id>``) the second run brought one into the other."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from learning import learned_from

from mirror.openapi.document import openapi
from mirror.openapi.marks import marked
from mirror.openapi.reading import read
from mirror.openapi.update import update
from mirror.openapi.writing import write

TWO = {"/products/{collection}", "/products/{product_id}"}


def facts(*targets: str, base: str = "") -> dict[str, Any]:
    app = Flask(__name__)

    @app.get(f"{base}/products/<any(new, sale):collection>")
    def collection(collection: str) -> list[str]:
        return [collection]

    @app.get(f"{base}/products/<int:product_id>")
    def product(product_id: int) -> dict[str, int]:
        return {"id": product_id}

    def calls(client: Any) -> None:
        for target in targets:
            client.get(base + target)

    return openapi(learned_from(app, calls))


WHOLE = ("/products/new", "/products/1", "/products/2")


def test_a_second_run_changes_nothing() -> None:
    text = update("", facts(*WHOLE)).text + "# ours\n"
    assert read(text, "it")["paths"].keys() == TWO
    found = update(text, facts(*WHOLE))
    assert (found.text, found.conflicts) == (text, [])


@pytest.mark.parametrize("called", WHOLE[:2])
def test_a_part_of_the_run_changes_nothing(called: str) -> None:
    text = update("", facts(*WHOLE)).text
    part = facts(called)
    assert update(text, part).text == text


def test_a_name_of_somebodys_own_is_kept() -> None:
    text = update("", facts(*WHOLE)).text.replace("product_id", "id")
    found = update(text, facts(*WHOLE))
    assert read(found.text, "it")["paths"].keys() == {"/products/{collection}", "/products/{id}"}
    assert found.text == text


def test_below_the_path_of_a_server() -> None:
    learned = facts(*WHOLE, base="/v1")
    ours = marked(learned)
    ours["servers"] = [{"url": "/v1"}]
    ours["paths"] = {path.removeprefix("/v1"): item for path, item in ours["paths"].items()}
    text = write(ours, "yaml")
    assert update(text, learned).text == text
