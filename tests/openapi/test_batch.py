"""Exchanges in batches: what waits, and for how long."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from factories import make_exchange, make_request, make_response

from mirror import Exchange, Route
from mirror.openapi.batch import LARGEST, MOST_WAITING, Batch
from mirror.openapi.model import Model
from mirror.openapi.shape import Shape

JSON = [("Content-Type", "application/json")]
HERE = Route("/orders", "orders.index")


def answered(value: Any, route: Route | None = HERE, status: int = 200, sent: str = "") -> Exchange:
    answer = make_response(status, json.dumps(value).encode(), headers=[("Content-Type", "application/json")])
    request = make_request("GET", "/orders", *([json.dumps(sent).encode()] if sent else []), headers=JSON)
    return make_exchange(request, answer, route=route)


def taken(model: Model) -> int:
    """How many values of the answers the model holds."""
    operation = model.services[""].operations()["GET /orders"]
    return operation.answers[200].contents["application/json"].shape.count


def test_values_wait_until_the_batch_is_settled() -> None:
    model = Model()
    batch = Batch(model)
    batch.add(answered({"id": 1}))
    batch.add(answered({"id": 2}))
    assert taken(model) == 0
    batch.settle()
    assert taken(model) == 2
    batch.settle()
    batch.add(answered({"id": 3}))
    batch.settle()
    assert taken(model) == 3


def test_no_more_wait_than_are_held() -> None:
    model = Model()
    batch = Batch(model)
    for number in range(MOST_WAITING + 1):
        batch.add(answered({"id": number}))
    assert taken(model) == MOST_WAITING


def test_what_is_large_does_not_wait() -> None:
    model = Model()
    batch = Batch(model)
    batch.add(answered({"id": 1}))
    batch.add(answered({"text": "x" * LARGEST}))
    assert taken(model) == 2


def test_what_is_large_in_a_request_does_not_wait() -> None:
    model = Model()
    Batch(model).add(answered({"id": 1}, sent="x" * LARGEST))
    assert taken(model) == 1


def test_what_comes_after_something_large_waits() -> None:
    model = Model()
    batch = Batch(model)
    batch.add(answered({"text": "x" * LARGEST}))
    batch.add(answered({"id": 1}))
    assert taken(model) == 1


def test_what_is_large_when_it_is_unpacked_does_not_wait() -> None:
    model = Model()
    batch = Batch(model)
    packed = gzip.compress(json.dumps({"text": "x" * LARGEST}).encode())
    fields = [("Content-Type", "application/json"), ("Content-Encoding", "gzip")]
    batch.add(make_exchange(make_request("GET", "/orders"), make_response(200, packed, headers=fields), route=HERE))
    assert taken(model) == 1


def test_nothing_is_taken_in_twice_whatever_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Model()
    batch = Batch(model)
    batch.add(answered({"id": 1}))
    batch.add(answered({"id": 2}, status=201))
    taking = Shape.add_all

    def interrupted(shape: Shape, values: list[Any]) -> None:
        monkeypatch.setattr(Shape, "add_all", taking)
        raise KeyboardInterrupt

    monkeypatch.setattr(Shape, "add_all", interrupted)
    with pytest.raises(KeyboardInterrupt):
        batch.settle()
    batch.settle()
    assert taken(model) == 0
    batch.add(answered({"id": 3}))
    batch.settle()
    assert taken(model) == 1


def test_operations_that_may_become_one_take_values_at_once() -> None:
    """Where no route is known, paths are brought together while they come."""
    model = Model()
    batch = Batch(model)
    batch.add(answered({"id": 1}, route=None))
    assert taken(model) == 1


@pytest.mark.parametrize("values", [[{}], [[], {}], [[1, "a"], [2, "b"], [3]], [1, None, 2.5, True, "a", float("nan")]])
def test_columns_of_several_types(values: list[Any]) -> None:
    one, all_at_once = Model(), Model()
    batch = Batch(all_at_once)
    for value in values:
        one.add(answered(value))
        batch.add(answered(value))
    batch.settle()
    assert one == all_at_once
