"""Accident: three responses that http.client would not read had a working proxy given up."""

from __future__ import annotations

from factories import make_exchange, make_request, make_response
from observer import Tee

from mirror import Mirror


def test_only_a_proxy_that_does_not_answer_is_given_up() -> None:
    fields = [(f"X-{number}", "1") for number in range(120)]
    with Tee() as tee, Mirror(proxy=tee.url, attach=False, on_loss=lambda loss: None) as mirror:
        tee.forward_to(mirror.port)
        for _ in range(4):
            mirror.recorder.record(make_exchange(make_request(), make_response(200, b"ok", headers=fields)))
        mirror.recorder.record(make_exchange(make_request(), make_response(200, b"ok")))
        assert (mirror.counts.published, mirror.counts.failed) == (1, 4)
