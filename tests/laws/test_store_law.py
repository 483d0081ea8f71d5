"""Law 7: what is saved is loaded as it was, from JSONL and from HAR; HAR up to the list in docs/captures.md."""

from __future__ import annotations

import gzip
import itertools
from pathlib import Path
from typing import Any

import msgspec
import pytest
from factories import exchanges, make_exchange, make_request, make_response
from hypothesis import HealthCheck, given, settings, strategies as st

from mirror import Exchange, Route, WebSocketMessage
from mirror.store.capture import read, save

law = settings(
    max_examples=50,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
times = st.floats(0, 4e9, allow_nan=False)


@st.composite
def messages(draw: st.DrawFn) -> WebSocketMessage:
    kind: Any = draw(st.sampled_from(["text", "binary", "ping", "pong", "close"]))
    # The one thing of a message that HAR cannot say: a text that is none.
    data = draw(words).encode() if kind in ("text", "close") else draw(st.binary(max_size=50))
    sender: Any = draw(st.sampled_from(["client", "server"]))
    return WebSocketMessage(sender, kind, data, draw(times), draw(st.integers(0, 4999)))


@st.composite
def captured(draw: st.DrawFn) -> Exchange:
    exchange = draw(exchanges(hostile=True))
    coding = draw(st.sampled_from([None, "gzip", "lies"]))
    response = exchange.response
    if coding is not None:
        body = response.body
        headers = msgspec.structs.replace(response.headers, raw=((b"Content-Encoding", b"gzip"), *response.headers.raw))
        response = msgspec.structs.replace(
            response, headers=headers, chunks=(gzip.compress(body) if coding == "gzip" else body,)
        )
    return msgspec.structs.replace(
        exchange,
        response=response,
        started=draw(times),
        elapsed=draw(st.floats(0, 1e5)),
        route=draw(st.none() | st.builds(Route, words, words, st.none() | words)),
        error=draw(st.none() | words),
        test=draw(st.none() | words),
        outcome=draw(st.none() | st.sampled_from(["passed", "failed"])),
        messages=tuple(draw(st.lists(messages(), max_size=3))),
    )


@pytest.mark.parametrize("suffix", ["jsonl", "har"])
def test_what_is_saved_is_loaded_as_it_was(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"capture.{suffix}"

    @law
    @given(st.lists(captured(), max_size=4))
    def holds(made: list[Exchange]) -> None:
        assert save(path, made) == len(made)
        assert list(read(path)) == made

    holds()
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_a_chain_of_conversions_changes_nothing(tmp_path: Path) -> None:
    """The same bytes at the end, not only the same exchanges."""

    @law
    @given(st.lists(captured(), max_size=3))
    def holds(made: list[Exchange]) -> None:
        paths = [tmp_path / name for name in ("one.jsonl", "two.har", "three.jsonl", "four.har")]
        save(paths[0], made)
        for source, target in itertools.pairwise(paths):
            save(target, read(source))
        assert without_head(paths[0]) == without_head(paths[2])
        assert paths[1].read_bytes() == paths[3].read_bytes()

    holds()


def without_head(path: Path) -> bytes:
    """The capture without its first line, which holds the time of its making."""
    return path.read_bytes().partition(b"\n")[2]


def test_bodies_of_a_hundred_megabytes(tmp_path: Path) -> None:
    body = bytes(range(256)) * (100 * 4096)
    exchange = make_exchange(make_request("POST", "/", body), make_response(200))
    for name in ("capture.jsonl", "capture.har"):
        save(tmp_path / name, [exchange])
        assert next(iter(read(tmp_path / name))) == exchange
