"""A router whose class has no weak references was read again for each exchange: it was taken for one that nobody had
called yet."""

from __future__ import annotations

import weakref
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from told import Told

from mirror import Mirror
from mirror.applications import MOST_HELD

REMARK = "applications that have no weak references are held until the end: Router"


async def home(request: object) -> PlainTextResponse:
    return PlainTextResponse("home")


class Router:
    __slots__ = ("asked", "path")

    def __init__(self, path: str = "/home") -> None:
        self.asked = 0
        self.path = path

    @property
    def routes(self) -> list[Route]:
        self.asked += 1
        return [Route(self.path, home)]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        scope["router"] = self
        await PlainTextResponse("home")(scope, receive, send)


def test_they_are_read_once_and_at_the_end() -> None:
    router, told = Router(), Told()
    with pytest.raises(TypeError):
        weakref.ref(router)
    with Mirror(sinks=[told]) as mirror:
        client = TestClient(router)
        for _ in range(5):
            client.get("/home")
        asked = router.asked
    assert told.names == ["GET /home"]
    assert asked == 1
    assert mirror.counts.remarks == {REMARK: 1}


def test_many_of_them_are_told_all() -> None:
    told = Told()
    with Mirror(sinks=[told]) as mirror:
        for number in range(3 * MOST_HELD):
            TestClient(Router(f"/{number}")).get("/home")
        assert len(mirror.recorder.applications._met) == MOST_HELD
    assert sorted(told.names) == sorted(f"GET /{number}" for number in range(3 * MOST_HELD))
    assert mirror.counts.remarks == {REMARK: 1}
