"""Accident: the one object at ``/stats`` was called ``Stat``, and that at ``/settings`` a ``Setting``."""

from __future__ import annotations

import json
from typing import Any

import pytest
from learning import called, model

from mirror.exchange import KnownRoute
from mirror.openapi.document import openapi

ONE: dict[str, Any] = {"open": 3, "done": 4}


def names(*seen: tuple[str, str, int, Any], known: str = "") -> set[str]:
    exchanges = [
        called(
            method,
            path.replace("{n}", "1"),
            path,
            json.dumps(value).encode(),
            status,
            b'{"open": 3}' * (method != "GET"),
        )
        for method, path, status, value in seen
    ]
    routes = [KnownRoute(known, "GET")] if known else []
    return set(openapi(model(*exchanges, *routes).settled()[""])["components"]["schemas"])


def test_it_is_called_as_the_path_is() -> None:
    assert names(("GET", "/stats", 200, ONE)) == {"Stats"}
    assert names(("GET", "/users/{n}/stats", 200, ONE)) == {"UserStats"}
    assert names(("PUT", "/settings", 200, ONE)) == {"Settings", "SettingsUpdateInput"}


@pytest.mark.parametrize(
    "seen",
    [
        ("GET", "/stats", 200, [ONE]),
        ("GET", "/stats/{n}", 200, ONE),
        ("GET", "/stats", 200, {"items": [ONE], "total": 1}),
        ("GET", "/stats", 200, {"id": 1}),
        ("DELETE", "/stats/{n}/cache", 204, None),
        ("POST", "/stats", 201, ONE),
        ("POST", "/stats", 200, {"id": 1}),
    ],
)
def test_of_a_collection_it_is_one_of_it(seen: tuple[str, str, int, Any]) -> None:
    assert "Stats" not in names(("GET", "/stats", 200, ONE), seen)


def test_routes_tell_what_is_a_collection() -> None:
    assert names(("GET", "/stats", 200, ONE), known="/stats/{n}") == {"Stat"}


def test_the_values_of_a_map_are_one_of_it() -> None:
    assert names(("GET", "/rates", 200, {"EUR": {"rate": 1.5}, "USD": {"rate": 2.5}})) == {"Rate"}
