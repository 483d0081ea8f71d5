"""Accident: a PUT had only those members that a test had put, beside a POST of the same things with all of them; and so
had a PATCH where marshmallow or Django REST framework read it, and needed what each test had sent."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest
from learning import called, model

from mirror import Exchange
from mirror.exchange import Declaration, KnownRoute
from mirror.openapi.document import Style, openapi

WHOLE = {"title": "A", "pages": 3, "shelf": {"room": "x", "level": 1}}
BOOK = {"title": "B", "pages": 4}
MARSHMALLOW = {"errors": {"title": ["Missing data for required field."]}}
DJANGO_REST = {"title": ["This field may not be null."]}


def books(method: str, value: Any, status: int = 200, said: Any = None) -> Exchange:
    path, route = ("/books", "/books") if method == "POST" else ("/books/1", "/books/<int:n>")
    return called(method, path, route, json.dumps(said or {}).encode(), status, json.dumps(value).encode())


def document(*seen: Exchange | KnownRoute, evidence: bool = False) -> dict[str, Any]:
    style = Style(examples=False, evidence=evidence)
    made = openapi(model(*seen).settled()[""], style)
    assert all(openapi(model(*order).settled()[""], style) == made for order in permutations(seen))
    return made


def body(made: dict[str, Any], method: str) -> dict[str, Any]:
    path = "/books" if method == "post" else "/books/{n}"
    schema = made["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"]
    found: dict[str, Any] = made["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


def test_a_put_is_of_the_component_of_the_post() -> None:
    made = document(books("POST", WHOLE), books("POST", BOOK), books("PUT", BOOK), books("PUT", BOOK))
    assert body(made, "put") == body(made, "post")
    assert body(made, "put")["properties"].keys() == WHOLE.keys()
    assert body(made, "put")["required"] == ["title", "pages"]


@pytest.mark.parametrize("value", [{"title": "B"}, {**BOOK, "sold": True}, {"title": 5, "pages": 4}], ids=str)
def test_a_put_of_something_else_stays_as_it_was_sent(value: Any) -> None:
    puts = books("PUT", value), books("PUT", value)
    made = document(books("POST", WHOLE), books("POST", WHOLE), *puts)
    assert body(made, "put") == body(document(*puts), "put")
    assert body(made, "post")["required"] == [*WHOLE]


@pytest.mark.parametrize("said", [MARSHMALLOW, DJANGO_REST], ids=["marshmallow", "Django REST framework"])
def test_a_patch_may_have_any_part(said: Any) -> None:
    seen = [books("POST", WHOLE), books("POST", WHOLE), books("PATCH", {"title": "C"}), books("PATCH", {"title": "D"})]
    patched = body(document(*seen, books("POST", {}, 400, said)), "patch")
    assert patched["properties"].keys() == WHOLE.keys()
    assert patched["properties"]["shelf"] == {"$ref": "#/components/schemas/ShelfInput"}
    assert "required" not in patched
    title = {"type": "string"}
    assert body(document(*seen), "patch") == {"type": "object", "properties": {"title": title}, "required": ["title"]}


@pytest.mark.parametrize(("name", "takes_all"), [("shelf", False), ("pages", False), ("bogus", True)])
def test_not_a_patch_that_has_refused_some_of_it_as_unknown(name: str, takes_all: bool) -> None:
    refused = books("PATCH", {name: 1}, 422, {"errors": {"json": {name: ["Unknown field."]}}})
    seen = [books("POST", WHOLE), books("POST", WHOLE), books("PATCH", {"title": "C"})]
    patched = body(document(*seen, books("POST", {}, 422, MARSHMALLOW), refused), "patch")
    assert patched["properties"].keys() == (WHOLE.keys() if takes_all else {"title"})


def test_what_nobody_sent_stands_on_no_samples() -> None:
    seen = books("POST", WHOLE), books("PATCH", {"title": "C"}), books("POST", {}, 400, MARSHMALLOW)
    made = document(*seen, evidence=True)
    assert body(made, "patch")["properties"]["pages"] == {"type": "integer", "x-mirror": {"samples": 0}}
    shelf = made["components"]["schemas"]["ShelfInput"]
    assert shelf["x-mirror"] == {"samples": 1}
    assert "required" not in shelf  # one of a POST is not two


def test_nor_is_it_there_where_nobody_wants_what_was_not_exercised() -> None:
    seen = books("POST", WHOLE), books("PATCH", {"title": "C"}), books("POST", {}, 400, MARSHMALLOW)
    made = openapi(model(*seen).settled()[""], Style(examples=False, evidence=False, unexercised=False))
    assert body(made, "patch")["properties"].keys() == {"title"}


def test_choices_that_a_refusal_of_the_post_has_named() -> None:
    refused = books("POST", {"genre": "x"}, 422, {"errors": {"genre": ["Must be one of: crime, poems."]}})
    seen = books("POST", BOOK | {"genre": "poems"}), books("PATCH", {"title": "C"}), refused
    made = document(*seen, books("POST", {}, 422, MARSHMALLOW))
    assert body(made, "patch")["properties"]["genre"] == {"type": "string", "enum": ["crime", "poems"]}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize("declared", ["POST", "itself"])
def test_a_model_knows_better(method: str, declared: str) -> None:
    said = (
        Declaration("request", kinds=("object",), model="Title"),
        Declaration("request", "title", kinds=("string",), presence="optional"),
    )
    path, of = ("/books", "POST") if declared == "POST" else ("/books/<int:n>", method)
    seen = books("POST", WHOLE), books(method, {"title": "C"}), books("POST", {}, 400, MARSHMALLOW)
    made = document(*seen, KnownRoute(path, of, declared=said))
    assert body(made, method.lower())["properties"] == {"title": {"type": "string"}}
