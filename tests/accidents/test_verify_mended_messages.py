"""A WebSocket message that no frame can carry is mended on the wire; ``verify`` took the mend for an alteration."""

from __future__ import annotations

import pytest
from factories import make_exchange, make_request, make_response

from mirror.exchange import Exchange, WebSocketMessage
from mirror.verify.compare import compare


def session(*messages: WebSocketMessage) -> Exchange:
    return make_exchange(make_request("GET", "/chat"), make_response(101), messages=messages)


def said(kind: str, data: bytes, code: int = 0) -> WebSocketMessage:
    return WebSocketMessage("server", kind, data, 0.0, code)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("made", "seen"),
    [
        ([said("close", b"bye", 5000)], [said("close", b"")]),
        ([said("close", b"bye", 1014)], [said("close", b"", 1005)]),
        ([said("close", b"r" * 500, 4400)], [said("close", b"r" * 123, 4400)]),
        ([said("text", b"\xed\xa0\x80")], [said("text", "\ufffd\ufffd\ufffd".encode())]),
        ([said("close", b"", 1000), said("text", b"late")], [said("close", b"", 1000)]),
    ],
)
def test_what_is_seen_as_it_was_mended_is_no_alteration(
    made: list[WebSocketMessage], seen: list[WebSocketMessage]
) -> None:
    assert not compare(lambda: iter([session(*made)]), [session(*seen)]).findings


def test_an_alteration_besides_is_one() -> None:
    made, seen = session(said("close", b"r" * 500, 4400)), session(said("close", b"r" * 122 + b"x", 4400))
    (found,) = compare(lambda: iter([made]), [seen]).findings
    assert found.how == ("WebSocket: the server's close has another reason",)
