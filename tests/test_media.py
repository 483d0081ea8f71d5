"""Media types, charsets and content codings."""

from __future__ import annotations

import gzip
import sys
import zlib
from types import SimpleNamespace

import pytest
from hypothesis import given, strategies as st

from mirror import media
from mirror.media import CodingError, codings, decode, encode, parse, text_of


@pytest.mark.parametrize(
    ("value", "name", "family"),
    [
        ("application/json", "application/json", "json"),
        ("Application/JSON; charset=utf-8", "application/json", "json"),
        ("application/problem+json", "application/problem+json", "json"),
        ("application/vnd.api+json;version=1", "application/vnd.api+json", "json"),
        ("application/x-ndjson", "application/x-ndjson", "lines"),
        ("text/event-stream", "text/event-stream", "events"),
        ("multipart/related; boundary=a", "multipart/related", "multipart"),
        ("image/svg+xml", "image/svg+xml", "xml"),
        ("text/html", "text/html", "html"),
        ("text/markdown", "text/markdown", "text"),
        ("image/png", "image/png", "binary"),
        ("application/grpc+proto", "application/grpc+proto", "packed"),
        ("", "", "binary"),
        (";;=;", "", "binary"),
    ],
)
def test_a_media_type(value: str, name: str, family: str) -> None:
    assert parse(value).name == name
    assert parse(value).family == family


def test_parameters() -> None:
    found = parse('multipart/form-data; boundary="a \\"b\\"; c" ; Charset=UTF-8;x')
    assert dict(found.parameters) == {"boundary": 'a "b"; c', "charset": "UTF-8"}
    assert found.charset == "UTF-8"


@given(st.text())
def test_any_field_is_read(value: str) -> None:
    assert parse(value).family


@pytest.mark.parametrize("charset", [None, "utf-8", "latin-1", "utf-16", "utf-7", "nonsense", "rot13", "idna", ""])
@given(st.binary(max_size=50))
def test_text_is_the_same_bytes_again(charset: str | None, body: bytes) -> None:
    text, codec = text_of(body, charset)
    assert text.encode(codec) == body


@given(st.binary(max_size=300), st.lists(st.sampled_from(["gzip", "deflate", "x-gzip"]), max_size=3))
def test_codings_there_and_back(body: bytes, applied: list[str]) -> None:
    assert decode(encode(body, applied), applied) == body
    assert encode(body, applied) == encode(body, applied)


def test_what_others_write() -> None:
    raw = zlib.compressobj(wbits=-15)
    assert decode(raw.compress(b"abc") + raw.flush(), ["deflate"]) == b"abc"
    assert decode(gzip.compress(b"abc", mtime=0) + gzip.compress(b"def", mtime=0), ["gzip"]) == b"abcdef"
    assert codings(" GZIP , identity,, br") == ["gzip", "br"]


@pytest.mark.parametrize(
    ("body", "applied"),
    [
        (b"abc", ["gzip"]),
        (gzip.compress(b"abc", mtime=0)[:-4], ["gzip"]),
        (gzip.compress(b"abc", mtime=0) + b"junk", ["gzip"]),
        (zlib.compress(b"abc") + b"junk", ["deflate"]),
        (b"abc", ["zstd"]),
        (b"abc", ["br"]),
        (b"abc", ["compress"]),
    ],
)
def test_what_is_not_in_its_coding(body: bytes, applied: list[str]) -> None:
    with pytest.raises(CodingError):
        decode(body, applied)


@pytest.mark.timeout(30)  # each member was taken off the body by a copy of all that follows: minutes
def test_a_body_of_many_members() -> None:
    assert decode(gzip.compress(b"", mtime=0) * 300_000 + gzip.compress(b"abc", mtime=0), ["gzip"]) == b"abc"


class Bomb:
    """An unpacker that makes a thousand bytes of each, as one of br or zstd may."""

    fed = 0
    eof = False
    unused_data = b""

    def process(self, data: bytes) -> bytes:
        Bomb.fed += len(data)
        return bytes(1000) * len(data)

    decompress = process

    def is_finished(self) -> bool:
        return False


@pytest.mark.parametrize(
    ("coding", "module", "name"),
    [("br", "brotli", "Decompressor"), ("zstd", "compression.zstd", "ZstdDecompressor")],
)
def test_no_more_of_a_bomb_is_unpacked_than_may_be(
    coding: str, module: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was unpacked whole, and its size looked at then."""
    monkeypatch.setitem(sys.modules, module.partition(".")[0], SimpleNamespace())  # type: ignore[arg-type]
    monkeypatch.setitem(sys.modules, module, SimpleNamespace(__name__=module, **{name: Bomb}))  # type: ignore[arg-type]
    monkeypatch.setattr(media, "MOST", 500_000)
    monkeypatch.setattr(Bomb, "fed", 0)
    with pytest.raises(CodingError, match="larger"):
        decode(b"x" * 100_000, [coding])
    assert Bomb.fed <= 1000
