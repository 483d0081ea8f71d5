"""The report told of calls under a path that differs from another one in the names of its parameters alone that they
were never anything but not found."""

from __future__ import annotations

from learning import called

from mirror.report.collection import Collection
from mirror.report.data import data


def test_they_are_calls_of_the_one_operation() -> None:
    collection = Collection()
    for method, target, route in (
        ("GET", "/u/1", "/u/<int:id>"),
        ("GET", "/u/2", "/u/<int:id>"),
        ("GET", "/u/bob", "/u/<name>"),
        ("DELETE", "/u/3", "/u/<int:number>"),
    ):
        collection.add(called(method, target, route))
    index, _ = data(collection, "t")
    assert {(each["kind"], each["method"], each["path"]) for each in index["operations"]} == {
        ("call", "GET", "/u/{id}"),
        ("call", "DELETE", "/u/{id}"),
    }
