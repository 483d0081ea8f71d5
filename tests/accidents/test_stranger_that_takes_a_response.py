"""Accident: a response that a stranger on the port had taken was counted as published."""

from __future__ import annotations

import http.client

from factories import make_exchange, make_request, make_response
from observer import Tee

from mirror import Mirror


def ask_first(mirror: Mirror) -> None:
    """Have a stranger's request come to the echo just before the proxy's."""
    server = mirror.recorder.sinks[0].server  # type: ignore[attr-defined]
    find = server.find

    def find_for_the_second(method: str, target: str, fields: object) -> object:
        server.find = find
        stranger = http.client.HTTPConnection("127.0.0.1", mirror.port, timeout=5)
        stranger.request("GET", "/")
        assert stranger.getresponse().read() == b"taken"
        stranger.close()
        return find(method, target, fields)

    server.find = find_for_the_second


def test_a_response_taken_by_another_request_is_a_loss() -> None:
    with Tee() as tee, Mirror(proxy=tee.url, attach=False, on_loss=lambda loss: None) as mirror:
        tee.forward_to(mirror.port)
        ask_first(mirror)
        mirror.recorder.record(make_exchange(make_request(), make_response(200, b"taken")))
        assert (mirror.counts.published, mirror.counts.failed) == (0, 1)
        assert "another request" in next(iter(mirror.counts.failures))
