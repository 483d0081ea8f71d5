"""A 304 that says ``Transfer-Encoding: chunked`` was lost on its way back: ``http.client`` waited for its chunks."""

from __future__ import annotations

from factories import make_exchange, make_response
from observer import Tee

from mirror import Mirror


def test_a_304_has_no_chunks_whatever_it_says() -> None:
    response = make_response(304, headers=[("Transfer-Encoding", "chunked")])
    with Tee() as tee, Mirror(proxy=tee.url, attach=False) as mirror:
        tee.forward_to(mirror.port)
        mirror.recorder.record(make_exchange(response=response))
    assert mirror.counts.published == 1, mirror.counts
