"""A chunked body that came in many segments was read from its beginning with each of them: ``mirror verify`` took a
minute for 8,000 chunks, and four times that for twice as many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, strategies as st

from mirror import Exchange
from mirror.verify.http1 import Conversation
from mirror.verify.http1_messages import REQUEST_LINE, STATUS_LINE, Direction, Message, Unreadable

ASKED = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"
HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
MANY = 20_000


class Counted(bytearray):
    """A buffer that counts the bytes that are searched in it or taken out of it."""

    looked = 0

    def find(self, what: Any, begin: Any = 0, end: Any = None) -> int:
        found = super().find(what, begin)
        self.looked += (len(self) if found < 0 else found) - begin
        return found

    def __getitem__(self, key: Any) -> Any:
        taken = super().__getitem__(key)
        self.looked += 1 if isinstance(taken, int) else len(taken)
        return taken


def pieces(said: list[bytes]) -> tuple[list[Message], int]:
    """The messages of an answering end whose segments these are, and the bytes that were looked at."""
    direction = Direction(STATUS_LINE)
    direction.buffer = buffer = Counted()
    messages = []
    for order, data in enumerate(said):
        direction.feed(data, float(order), order, True)
        while (message := direction.take(empty=False, answer=True)) is not None:
            messages.append(message)
    return messages, buffer.looked


@pytest.mark.parametrize(
    ("said", "chunks", "trailers"),
    [
        ([HEAD, *[b"14\r\n" + b"x" * 20 + b"\r\n"] * MANY, b"0\r\n\r\n"], MANY, 0),
        ([HEAD, *[b"1;e=1\r\n", b"x", b"\r\n"] * MANY, b"0\r\n\r\n"], MANY, 0),
        ([HEAD, b"1;e=", *[b"x"] * MANY, b"\r\nx\r\n0\r\n\r\n"], 1, 0),
        ([HEAD, b"%x\r\n" % MANY, *[b"x"] * MANY, b"\r\n0\r\n\r\n"], 1, 0),
        ([HEAD, b"0\r\n", *[b"n: v\r\n"] * MANY, b"\r\n"], 0, MANY),
        ([HEAD[:-2], *[b"n: v\r\n"] * MANY, b"\r\n0\r\n\r\n"], 0, 0),
    ],
    ids=["chunks", "chunks in parts", "an extension", "one chunk", "trailers", "fields"],
)
@pytest.mark.timeout(60)
def test_each_byte_is_looked_at_a_few_times(said: list[bytes], chunks: int, trailers: int) -> None:
    (message,), looked = pieces(said)
    assert (len(message.chunks), len(message.trailers.raw)) == (chunks, trailers)
    assert looked < 5 * sum(map(len, said))


@pytest.mark.timeout(60)
def test_a_conversation_of_many_segments() -> None:
    conversation = Conversation("a")
    list(conversation.feed(True, ASKED, 0.0))
    list(conversation.feed(False, HEAD, 0.0))
    for _ in range(MANY):
        list(conversation.feed(False, b"14\r\n" + b"x" * 20 + b"\r\n", 0.0))
    (exchange,) = conversation.feed(False, b"0\r\n\r\n", 0.0)
    assert len(exchange.response.chunks) == MANY


PARTS = (
    HEAD, b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", b"HTTP/1.1 204 No\n\n", b"HTTP/1.1 100 On\r\n\r\n",
    b"1\r\nx\r\n", b"0\r\n", b"\r\n", b"n: v\r\n", b"2;q=1\r\n\r\n\r\n", b"0;a\r\n\r\n",
    b"x\r\n", b"\r", b"\n", b"5\r\nab",
)  # fmt: skip


def told(feed: Callable[[Conversation], Iterator[Exchange]]) -> tuple[list[Any], str]:
    """What a conversation told, and why it told no more."""
    conversation = Conversation("a")
    list(conversation.feed(True, ASKED * 6, 0.0))
    found: list[Any] = []
    try:
        for exchange in feed(conversation):
            found.append(exchange.response)
        for exchange in conversation.end():
            found.append(exchange.response)
    except Unreadable as error:
        return found, str(error)
    return found, ""


@given(st.lists(st.sampled_from(PARTS), max_size=12).map(b"".join), st.data())
def test_it_is_read_alike_however_it_is_cut(said: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(said)), max_size=8)))

    def cut(conversation: Conversation) -> Iterator[Exchange]:
        for begin, end in zip([0, *cuts], [*cuts, len(said)], strict=True):
            yield from conversation.feed(False, said[begin:end], 0.0)

    assert told(cut) == told(lambda conversation: conversation.feed(False, said, 0.0))


def test_what_is_known_of_a_message_goes_with_it() -> None:
    direction = Direction(REQUEST_LINE)
    asked = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    direction.feed(asked + b"3\r\nabc\r\n5\r\nab", 0.0, 0, True)
    assert direction.take(empty=False, answer=False) is None
    direction.gap()
    direction.feed(asked + b"1\r\nx\r\n0\r\n\r\n", 1.0, 1, True)
    message = direction.take(empty=False, answer=False)
    assert message is not None
    assert (message.chunks, message.time) == ((b"x",), 1.0)
