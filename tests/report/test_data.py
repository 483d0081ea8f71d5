"""What a report says: operations, tests, routes that nobody called, and the exchanges as they were."""

from __future__ import annotations

from typing import Any

import factories
import pytest
from factories import make_exchange, make_request, make_response
from hypothesis import HealthCheck, given, settings, strategies as st
from reports import JSON, collected, data_of, many, shop

from mirror import Exchange, Route
from mirror.openapi.model import KnownRoute
from mirror.report.collection import Limits
from mirror.report.data import data
from mirror.report.places import Places


def by_slug(index: dict[str, Any]) -> dict[str, Any]:
    return {f"{each['method']} {each['path']}".strip(): each for each in index["operations"]}


def test_operations_say_what_was_learned() -> None:
    index, _ = data_of(shop())
    operations = by_slug(index)
    assert list(operations) == ["POST /orders", "GET /orders/{order_id}", "WS /chat", "a CORS preflight"]
    placed = operations["POST /orders"]
    assert placed["kind"] == "call"
    assert placed["tag"] == "orders"
    assert placed["doc"]["summary"] == "Place an order"
    assert placed["doc"]["description"] == "And more."
    assert placed["statuses"] == [[201, 1], [422, 1]]
    assert placed["doc"]["requestBody"]["content"]["application/json"]["examples"][0]["text"].startswith('{"sku"')
    shown = operations["GET /orders/{order_id}"]
    assert [each["name"] for each in shown["doc"]["parameters"]] == ["order_id", "verbose"]
    assert shown["count"] == 2, "a HEAD that the framework answers is the GET's"


def test_tests_have_outcomes_and_what_they_call() -> None:
    index, _ = data_of(shop())
    assert index["tests"] == [
        ["passed", 1, "tests/test_orders.py::test_head"],
        ["passed", 2, "tests/test_orders.py::test_place"],
        ["failed", 1, "tests/test_orders.py::test_refused"],
    ]
    assert by_slug(index)["POST /orders"]["tests"] == [[1, 1], [2, 1]]


def test_exchanges_are_as_they_were() -> None:
    index, raw = data_of(shop())
    rows = {row[0]: (row, raw["exchanges"][place]) for place, row in enumerate(index["rows"])}
    assert sorted(rows) == [1, 2, 3, 4, 5, 6], "numbers are those of mirror show"
    row, [id_, started, gateway, reason, sent_fields, sent, got_fields, got, more] = rows[1]
    assert row[2:6] == ["POST", "/orders", 201, 0]
    assert (id_, started, gateway, reason, more) == ("id-0", 1e9, "asgi", "Created", {})
    assert raw["fields"][sent_fields] == [["Host", "testserver"], ["Content-Type", "application/json"]]
    assert raw["fields"][got_fields] == [["Content-Type", "application/json"]]
    assert raw["bodies"][sent] == ["json", 43, '{"sku":"teapot","big":12345678901234567890}', False]
    assert raw["bodies"][got][2] == '{"id":1,"total_cents":1500}'
    assert rows[3][1][7] == got, "the same body stands once"
    assert rows[4][1][5] == rows[4][1][7] == -1


def test_messages_of_a_session() -> None:
    index, raw = data_of(shop())
    (place,) = [place for place, row in enumerate(index["rows"]) if row[0] == 5]
    first, last = raw["exchanges"][place][-1]["messages"]
    assert first[:4] == ["client", "text", 0, 500]
    assert raw["bodies"][first[4]][:3] == ["json", 15, '{"say":"hello"}']
    assert last[:3] == ["server", "close", 1000]


def test_routes_that_nobody_called() -> None:
    collection = collected(shop())
    collection.know(
        (KnownRoute("/orders", "POST", "orders.place"), KnownRoute("/orders/<int:order_id>", "DELETE", "orders.cancel"))
    )
    index, _ = data(collection, "API")
    uncalled = [each for each in index["operations"] if each["kind"] == "uncalled"]
    assert [(each["method"], each["path"], each["count"]) for each in uncalled] == [("DELETE", "/orders/{order_id}", 0)]


def test_long_bodies_are_cut_with_a_word_about_it() -> None:
    index, raw = data_of(shop(), Limits(body=10))
    assert ["json", 43, '{"sku":"te', True] in raw["bodies"]
    assert index["cut"] == 5
    assert index["limits"] == {"body": 10, "most": 5000}


def test_of_many_exchanges_the_first_are_kept_and_all_are_counted() -> None:
    index, raw = data_of(many(1000), Limits(most=3))
    assert index["count"] == 1000
    for number, operation in enumerate(index["operations"]):
        kept = [row for row in index["rows"] if row[1] == number]
        assert operation["count"] == 20
        assert len(kept) == 3 * len(operation["statuses"])
        assert [row[0] for row in kept] == sorted(row[0] for row in kept)
    assert len(raw["exchanges"]) == len(index["rows"])


def test_routes_that_nobody_told_are_found_by_their_paths() -> None:
    exchanges = [
        make_exchange(
            make_request("GET", f"/users/{n}"), make_response(200, b'{"id":%d}' % n, headers=JSON), gateway="http"
        )
        for n in range(5)
    ]
    exchanges.append(
        make_exchange(make_request("GET", "/users/me"), make_response(200, b"{}", headers=JSON), gateway="http")
    )
    index, _ = data_of(exchanges)
    assert {name: each["count"] for name, each in by_slug(index).items()} == {
        "GET /users/me": 1,
        "GET /users/{user_id}": 5,
    }


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/users/me", "GET /users/me"),
        ("/users/7", "GET /users/{user_id}"),
        ("/users/me/orders", "GET /users/{user_id}/orders"),
        ("/users/m%65", "GET /users/me"),
        ("/users", None),
        ("/users/7/", None),
        ("/", "GET /"),
    ],
)
def test_places(path: str, expected: str | None) -> None:
    places = Places(["GET /users/{user_id}", "GET /users/me", "GET /users/{user_id}/orders", "GET /"])
    assert places.of("GET", path, False) == expected
    assert places.of("HEAD", path, False) == expected
    assert places.of("PUT", path, False) is None


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60, deadline=None)
@given(st.lists(factories.exchanges(hostile=True), max_size=6), st.booleans())
def test_every_exchange_is_somewhere(exchanges: list[Exchange], routed: bool) -> None:
    if routed:
        exchanges = [make_exchange(each.request, each.response, route=Route("/{a}", "e")) for each in exchanges]
    index, raw = data_of(exchanges)
    assert sum(each["count"] for each in index["operations"]) == len(exchanges) == index["count"]
    assert sorted(row[0] for row in index["rows"]) == list(range(1, len(exchanges) + 1))
    assert len(raw["exchanges"]) == len(exchanges)
