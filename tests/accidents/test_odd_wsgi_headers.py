"""Accident: header fields in a shape that the client accepts were too odd for the observer, which raised."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import Client

from mirror import Mirror

FIELDS: list[Callable[[], Any]] = [
    lambda: [("X-A", "1"), ("Content-Length", 5)],
    lambda: [("X-A", "1"), ("Content-Length", "1" * 5000)],
    lambda: {"X-A": "1"},
    lambda: iter([("X-A", "1")]),
    lambda: [("X-A", "1"), ("X-B", None)],
]


def outcome(fields: Callable[[], Any], body: Callable[[], Any]) -> tuple[Any, ...]:
    def application(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", fields())
        return body()

    try:
        response = Client(application).get("/")
        return response.headers.get("X-A"), response.data
    except Exception as error:
        return type(error), str(error)


@pytest.mark.parametrize("fields", FIELDS)
@pytest.mark.parametrize("body", [lambda: (part for part in [b"hel", b"lo"]), lambda: [b"hello"], lambda: iter([None])])
def test_the_test_sees_what_it_sees_without_mirror(fields: Callable[[], Any], body: Callable[[], Any]) -> None:
    bare = outcome(fields, body)
    with Mirror(on_loss=lambda loss: None) as mirror:
        assert outcome(fields, body) == bare
    assert mirror.counts.made == 1


def test_the_statuses_that_are_no_statuses_are_losses() -> None:
    def application(environ: Any, start_response: Any) -> list[bytes]:
        start_response(environ["PATH_INFO"][1:], [])
        return [b""]

    with Mirror(on_loss=lambda loss: None) as mirror:
        statuses = [Client(application).get(f"/{status}").status_code for status in ("2000 x", "99 low")]
    assert statuses == [2000, 99]
    assert (mirror.counts.made, mirror.counts.failed) == (2, 2)
