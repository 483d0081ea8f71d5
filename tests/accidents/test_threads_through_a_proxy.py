"""Accident: responses were pending before their turn at the proxy, and threads got each other's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from factories import make_exchange, make_request, make_response
from observer import Tee

from mirror import Mirror


def test_threads_that_publish_to_one_path_get_their_own_responses() -> None:
    exchanges = [make_exchange(make_request(), make_response(200, b"x" * size)) for size in range(1, 61)]
    with Tee() as tee, Mirror(proxy=tee.url, attach=False) as mirror:
        tee.forward_to(mirror.port)
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(mirror.recorder.record, exchanges))
        assert (mirror.counts.published, mirror.counts.remarks) == (60, {})
