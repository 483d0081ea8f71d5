"""Accidents: a sink that returned True lost its WebSocket session, one that returned a text had each letter of it for a
remark, and a session whose end was interrupted was not counted."""

from __future__ import annotations

from typing import Any

import pytest
from factories import make_exchange

from mirror import WebSocketMessage
from mirror.recorder import Recorder


class Live:
    """A sink, and its own session, that answers everything with one value."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def open(self, exchange: Any) -> Live:
        return self

    def write(self, exchange: Any) -> Any:
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer

    send = finish = write


def recorded(answer: Any, live: bool) -> Recorder:
    class Plain:
        write = Live(answer).write

    recorder = Recorder([Live(answer) if live else Plain()])
    session = recorder.open(make_exchange())
    if not isinstance(answer, BaseException):
        session.send(WebSocketMessage("client", "text", b"hello", 0.0))
        session.finish(make_exchange())
    else:
        with pytest.raises(type(answer)):
            session.finish(make_exchange())
    return recorder


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("answer", [True, 7, "abc", None])
def test_what_is_no_remark_is_none(answer: Any, live: bool) -> None:
    counts = recorded(answer, live).counts
    assert (counts.published, counts.failures, counts.remarks) == (1, {}, {})


@pytest.mark.parametrize("live", [True, False])
def test_a_list_is_remarks(live: bool) -> None:
    assert recorded(["shortened"], live).counts.remarks == {"shortened": 1 + live}


@pytest.mark.parametrize("live", [True, False])
def test_an_end_that_is_interrupted(live: bool) -> None:
    counts = recorded(KeyboardInterrupt(), live).counts
    assert (counts.made, counts.failures) == (1, {"KeyboardInterrupt": 1})
