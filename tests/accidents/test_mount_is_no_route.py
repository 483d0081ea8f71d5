"""A 404 below a mount had a route: the mount, its path twice (``/sub/sub``)."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from mirror import Mirror


def test_what_matches_nothing_below_a_mount_has_no_route() -> None:
    with Mirror() as mirror:
        TestClient(Starlette(routes=[Mount("/sub", app=Starlette())])).get("/sub/nowhere")
    assert [exchange.route for exchange in mirror.exchanges] == [None]
