"""Accident: a call whose request could not be read was counted twice, and a pipe as input was such a call."""

from __future__ import annotations

import io
import os
from typing import Any

from mirror import Mirror
from mirror.adapters.wsgi import WsgiObserver


def application(environ: Any, start_response: Any) -> list[bytes]:
    start_response("200 OK", [])
    return [environ["wsgi.input"].read()]


def test_a_request_that_cannot_be_read_is_one_loss_and_an_untouched_environ() -> None:
    environ = {"PATH_INFO": "/"}  # no method

    def answer(environ: Any, start_response: Any) -> list[bytes]:
        return [b"all the same"]

    with Mirror(attach=False) as mirror:
        assert WsgiObserver(answer, mirror.recorder)(environ, lambda *head: None) == [b"all the same"]
        assert (mirror.counts.made, mirror.counts.failed) == (1, 1)
    assert environ == {"PATH_INFO": "/"}


def test_a_pipe_is_read_as_the_application_reads_it() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"through a pipe")
    os.close(writer)
    with Mirror(attach=False) as mirror, io.open(reader, "rb") as stream:  # noqa: UP020 - a BufferedReader
        environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/", "wsgi.input": stream}
        assert WsgiObserver(application, mirror.recorder)(environ, lambda *head: None) == [b"through a pipe"]
        assert mirror.exchanges[0].request.body == b"through a pipe"
