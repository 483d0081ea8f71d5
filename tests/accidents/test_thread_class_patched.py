"""Accident: a test that patched threading.Thread took the accepting thread with it when somebody connected."""

from __future__ import annotations

import http.client
from unittest import mock

from mirror import Mirror


def test_strangers_are_served_while_the_thread_class_is_patched() -> None:
    with Mirror(attach=False) as mirror:
        for _ in range(2):
            with mock.patch("threading.Thread", side_effect=RuntimeError("can't start new thread")):
                stranger = http.client.HTTPConnection("127.0.0.1", mirror.port, timeout=5)
                stranger.request("GET", "/")
                assert stranger.getresponse().status == 404
                stranger.close()
