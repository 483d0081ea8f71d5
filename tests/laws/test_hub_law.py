"""What is said to a hub arrives as it was said, however the network cuts it; and whatever else is said does no harm."""

from __future__ import annotations

import itertools

import msgspec
import pytest
from factories import exchanges
from hypothesis import given, strategies as st

from mirror import Counts, Exchange, WebSocketMessage
from mirror.errors import HubError
from mirror.wire.hub_protocol import (
    ANSWER,
    FRAME_LIMIT,
    GREETING,
    Ask,
    Counted,
    Finished,
    Frames,
    Handed,
    Opened,
    Sent,
    Taken,
    Telling,
    frame,
    hello,
    read_hello,
)
from mirror.wire.hub_server import decode

reasons = st.text(max_size=30)
numbers = st.dictionaries(reasons, st.integers(0, 2**40), max_size=3)
messages = st.builds(
    WebSocketMessage,
    st.sampled_from(["client", "server"]),
    st.sampled_from(["text", "binary", "ping", "pong", "close"]),
    st.binary(max_size=50),
    st.floats(allow_nan=False),
    st.integers(0, 4999),
)
remarks = st.lists(reasons, max_size=3).map(tuple)
tellings: st.SearchStrategy[Telling] = st.one_of(
    st.builds(Handed, exchanges(hostile=True), st.none() | reasons, remarks),
    st.builds(Counted, numbers, numbers, numbers),
    st.builds(Opened, st.integers(0, 2**32), exchanges()),
    st.builds(Sent, st.integers(0, 2**32), messages),
    st.builds(Finished, st.integers(0, 2**32), exchanges(), st.none() | reasons, remarks),
    st.builds(Ask, st.integers(0, 2**32)),
)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[begin:end] for begin, end in itertools.pairwise(edges)]


@given(st.lists(tellings, max_size=5), st.lists(st.integers(0, 2**20), max_size=8))
def test_what_is_said_arrives(values: list[Telling], places: list[int]) -> None:
    frames = Frames(FRAME_LIMIT)
    arrived: list[Telling] = []
    for piece in cut(b"".join(map(frame, values)), places):
        frames.feed(piece)
        arrived.extend(map(decode, frames))
    assert arrived == values


@given(st.text(max_size=20), exchanges())
def test_text_that_no_utf_8_can_hold_is_written_visibly(text: str, exchange: Exchange) -> None:
    broken = msgspec.structs.replace(exchange, error=f"{text}\udc80")
    frames = Frames(FRAME_LIMIT)
    frames.feed(frame(Handed(broken)))
    (payload,) = frames
    arrived = decode(payload)
    assert isinstance(arrived, Handed)
    assert arrived.exchange == msgspec.structs.replace(exchange, error=f"{text}\\udc80")


@given(st.binary(max_size=200))
def test_garbage_is_an_error_of_ours_and_nothing_else(data: bytes) -> None:
    try:
        assert isinstance(decode(data), Telling)
    except HubError:
        pass


@given(tellings, st.data())
def test_a_frame_with_an_altered_byte_is_refused_or_another_value(value: Telling, data: st.DataObject) -> None:
    payload = bytearray(frame(value)[4:])
    place = data.draw(st.integers(0, len(payload) - 1))
    payload[place] = data.draw(st.integers(0, 255))
    try:
        assert isinstance(decode(bytes(payload)), Telling)
    except HubError:
        pass


@given(st.binary(max_size=700), st.lists(st.integers(0, 2**20), max_size=5))
def test_a_first_line_is_read_or_refused(data: bytes, places: list[int]) -> None:
    frames = Frames(FRAME_LIMIT)
    line = None
    try:
        for piece in cut(data, places):
            frames.feed(piece)
            line = frames.line() if line is None else line
    except HubError:
        assert b"\n" not in data[:512]
        assert len(data) >= 512
        return
    assert line == (data.partition(b"\n")[0] if b"\n" in data else None)


@given(st.text("abcXYZ0189-_.~", min_size=8, max_size=40), st.text(max_size=200))
def test_a_greeting_is_understood_whatever_the_name(token: str, name: str) -> None:
    line = hello(token, name)
    assert line.startswith(GREETING)
    assert len(line) < 512
    said = read_hello(line.removesuffix(b"\n"))
    assert said is not None
    assert said.token == token.encode()


@given(numbers, numbers, numbers, st.integers(0, 2**40))
def test_answers_arrive(
    failures: dict[str, int], ignores: dict[str, int], remarks: dict[str, int], answer: int
) -> None:
    value = Taken(Counts(3, 1, 1, 1, failures, ignores, remarks), answer)
    assert ANSWER.decode(frame(value)[4:]) == value


@pytest.mark.parametrize("size", [FRAME_LIMIT + 1, 2**32 - 1])
def test_a_length_that_is_too_long_is_refused_when_it_is_announced(size: int) -> None:
    frames = Frames(FRAME_LIMIT)
    frames.feed(size.to_bytes(4, "big"))
    with pytest.raises(HubError, match="was announced"):
        list(frames)
