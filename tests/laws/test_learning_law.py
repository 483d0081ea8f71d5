"""Law 8: learning is free of order and mergeable, byte for byte. Law 9: what was learned holds for what it was learned
from, and the document passes an independent validator."""

from __future__ import annotations

import json
import random
from typing import Any

from factories import make_exchange, make_request, make_response
from hypothesis import HealthCheck, given, settings, strategies as st
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from mirror import Exchange, Route
from mirror.exchange import Declaration, KnownRoute
from mirror.openapi.batch import Batch
from mirror.openapi.document import Document, Style, openapi
from mirror.openapi.model import Model, Service, by_authority
from mirror.openapi.shape import Shape
from mirror.openapi.version30 import downgrade

# Few names and words, so that places meet again; now and then what nobody expects.
names = st.sampled_from(["id", "name", "type", "items", "owner", "created_at", "1", "a b", "$ref", "x-y", "~/"])
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "card", "cash", "a b", "2026-01-02", "2026-01-02T03:04:05Z", "zoe@example.com", "é" * 70])
    | st.uuids().map(str)
    | st.text(max_size=5)
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=5),
    max_leaves=12,
)
routes = st.sampled_from(
    [
        None,
        Route("/orders/<int:order_id>", "orders.show", "Show an order."),
        Route("/orders/<uuid:order_id>", "orders.show_by_uuid"),
        Route("/orders", "orders.index"),
        Route("/files/{path:path}", "file"),
    ]
)
paths = st.sampled_from(
    ["/orders", "/orders/7", "/orders/me", "/orders/0b39f2f0-58a5-4d2c-9c3b-6f5d5e1a4a9b", "/files/a/b"]
)
queries = st.sampled_from(["", "?page=1", "?page=2&page=3", "?q=a%20b&sort=name", "?api_key=k3y-0815-x"])
fields = st.sampled_from(
    [
        (),
        (("Authorization", "Bearer abcdef0123456789"),),
        (("X-Tenant", "acme"),),
        (("Cookie", "session=abc; lang=en"),),
    ]
)
refusals = st.sampled_from(
    [
        {"detail": [{"type": "missing", "loc": ["body", "name"], "msg": "Field required", "input": {}}]},
        {"detail": [{"type": "int_parsing", "loc": ["query", "page"], "msg": "Input should be a valid integer"}]},
        {"errors": {"json": {"name": ["Missing data for required field."]}}},
        {"errors": {"type": "must be one of card, cash, bank"}},
        {"errors": {"type": "must be one of card, cash and more", "id": "must be card or cash"}},
    ]
)


def body_of(value: Any) -> tuple[str, bytes]:
    return "application/json", json.dumps(value).encode()


bodies = (
    values.map(body_of)
    | st.just(("application/json", b"{not json"))
    | st.lists(values, max_size=3).map(
        lambda lines: ("application/x-ndjson", b"".join(json.dumps(line).encode() + b"\n" for line in lines))
    )
    | st.sampled_from(
        [
            ("application/x-www-form-urlencoded", b"name=a&n=1&n=2"),
            (
                "multipart/form-data; boundary=b",
                b'--b\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n1\r\n--b--\r\n',
            ),
            ("text/plain", b"hello"),
            ("image/png", b"\x89PNG"),
            ("text/event-stream", b'event: new\ndata: {"id": 1}\n\n'),
            ("", b""),
        ]
    )
)


@st.composite
def exchanges(draw: st.DrawFn) -> Exchange:
    method = draw(st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE"]))
    status = draw(st.sampled_from([200, 201, 204, 302, 400, 401, 403, 404, 409, 422, 500]))
    sent, said = draw(bodies), draw(bodies if status != 422 else refusals.map(body_of))
    request_fields = [*draw(fields), *([("Content-Type", sent[0])] if sent[0] else [])]
    request = make_request(method, draw(paths) + draw(queries), *filter(None, [sent[1]]), headers=request_fields)
    answer = make_response(status, *filter(None, [said[1]]), headers=[("Content-Type", said[0])] if said[0] else [])
    test = draw(st.sampled_from([None, "t.py::test_a", "t.py::test_b[1]"]))
    return make_exchange(
        request, answer, route=draw(routes), test=test, gateway=draw(st.sampled_from(["wsgi", "http"]))
    )


declarations = st.builds(
    Declaration,
    st.sampled_from(["request", "200", "201", "422", "query", "header", "path"]),
    st.sampled_from(["", "*", "owner", "owner/name", "items/*", "items/*/id", "items", "id", "name", "page"]),
    st.sampled_from(["", "Order", "Owner", "Page[Order]", "error", "$", "Order"]),
    st.sets(
        st.sampled_from(["null", "boolean", "integer", "number", "string", "array", "object", "map"]), max_size=2
    ).map(lambda kinds: tuple(sorted(kinds))),
    st.sampled_from(["", "", "uuid", "date-time", "password"]),
    st.sampled_from([(), (), ("open", "closed"), ("a",), ("1", "2"), ("0", "-5")]),
    st.sampled_from(["", "required", "optional"]),
)
known_routes = st.builds(
    KnownRoute,
    st.sampled_from(
        "/orders/<int:order_id> /orders/<id> /orders /orders/{other} /uncalled/<x>/<uuid:y> /docs /files/{path:path} "
        "/static/<path:filename>".split()
    ),
    st.sampled_from(["GET", "POST", "PUT", "QUERY"]),
    st.sampled_from(["", "orders.show", "orders.index", "static"]),
    st.sampled_from(["", "Show an order."]),
    st.lists(declarations, max_size=8).map(tuple),
    title=st.sampled_from(["", "", "Shop", "Depot"]),
    version=st.sampled_from(["", "1.0"]),
)
applications = st.lists(known_routes, min_size=1, max_size=5).map(tuple)

Seen = Exchange | tuple[KnownRoute, ...]


def learned(made: list[Seen], divided: bool = False) -> Model:
    model = Model()
    for each in made:
        if isinstance(each, tuple):
            model.know(each)
        else:
            model.add(each, by_authority(each) if divided else "")
    return model


def written(model: Model) -> bytes:
    return json.dumps({name: openapi(service) for name, service in sorted(model.settled().items())}).encode()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(exchanges() | applications, max_size=25), st.integers(0, 25), st.integers())
def test_any_order_and_any_division_gives_the_same_bytes(made: list[Seen], cut: int, seed: int) -> None:
    whole = written(learned(made))
    shuffled = random.Random(seed).sample(made, len(made))
    parts = [learned(shuffled[cut:]), Model.from_bytes(learned(shuffled[:cut]).to_bytes())]
    parts[0].merge(parts[1])
    assert written(parts[0]) == whole
    other = learned(made[:cut])
    other.merge(learned(made[cut:]))
    assert written(Model.from_bytes(other.to_bytes())) == whole


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(exchanges(), max_size=25), st.integers(1, 25))
def test_a_batch_gives_what_one_by_one_gives(made: list[Exchange], most: int) -> None:
    model = Model()
    batch = Batch(model, most)
    for exchange in made:
        batch.add(exchange, by_authority(exchange))
    batch.settle()
    assert model == learned([*made], divided=True)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(values | st.lists(values, max_size=3), max_size=40), st.integers(0, 40))
def test_columns_give_what_one_by_one_gives(made: list[Any], cut: int) -> None:
    columns, single = Shape(), Shape()
    columns.add_all(made[:cut])
    columns.add_all(made[cut:])
    for value in made:
        single.add(value)
    assert columns == single


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(exchanges(), max_size=25), st.lists(applications, max_size=4))
def test_the_document_is_valid_and_holds_for_every_sample(
    made: list[Exchange], known: list[tuple[KnownRoute, ...]]
) -> None:
    model = learned([*made, *known])
    service = model.settled().get("", Service())
    document = openapi(service, Style())
    if document["paths"]:
        validate(document)
        validate(downgrade(document))
    text = json.dumps([document["paths"], document.get("components", {}).get("schemas", {})])
    assert all(f'"#/components/schemas/{name}"' in text for name in document.get("components", {}).get("schemas", {}))
    operations = service.operations()
    for exchange in made:
        check(document, exchange, list(operations))


def check(document: Document, exchange: Exchange, keys: list[str]) -> None:
    """The body of a response validates against the schema of its operation, where it is JSON."""
    if exchange.route is None or exchange.response.status in (204, 304):
        return
    from mirror.openapi.paths import template_of

    template = template_of(exchange.route.template).path
    item = document["paths"].get(template, {}).get(exchange.request.method.lower())
    assert item is not None, (template, exchange.request.method, keys)
    content = item["responses"][str(exchange.response.status)].get("content", {}).get("application/json")
    if exchange.response.headers.get("content-type") != "application/json" or content is None:
        return
    try:
        value = json.loads(exchange.response.body)
    except ValueError:
        return
    validator_of(document, content["schema"]).validate(value)


def validator_of(document: Document, schema: dict[str, Any]) -> Draft202012Validator:
    resource = Resource(contents={**document, "$id": "urn:document"}, specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource("urn:document", resource)
    return Draft202012Validator(rebased(schema), registry=registry)


def rebased(value: Any) -> Any:
    """The schema with its references into the document."""
    if isinstance(value, dict):
        return {
            key: f"urn:document{each}" if key == "$ref" and isinstance(each, str) else rebased(each)
            for key, each in value.items()
            if key != "x-mirror"
        }
    return [rebased(each) for each in value] if isinstance(value, list) else value
