"""Bodies: what is read of them, what their evidence keeps, and that none of them raises."""

from __future__ import annotations

import gzip
import json
import math
from typing import Any

import msgspec
import pytest
from factories import make_headers
from hypothesis import given, strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from mirror import Mirror
from mirror.openapi.bodies import DEEPEST, Body, add_body, json_of, read_body
from mirror.openapi.evidence import MOST_EXAMPLES, Content
from mirror.openapi.merging import merge_into

JSON = "application/json"
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
types = st.sampled_from(
    f"""
    {JSON}|application/problem+json; charset=utf-8|application/json; charset=utf-16|text/event-stream|text/csv|a/b
    |application/x-ndjson|application/x-www-form-urlencoded|multipart/form-data; boundary=b|text/plain|multipart/mixed
    |image/png|application/xml|text/html; charset=latin-1|application/cbor|; ;=|application/graphql
    |text/plain; charset=rot13|application/json; charset=unicode_escape|application/json; charset=utf-7
    """.replace("\n", "").split("|")
)


def read(body: bytes | str, kind: str = JSON, *rest: tuple[str, str]) -> Body:
    fields = [("Content-Type", kind)] if kind else []
    return read_body(make_headers(*fields, *rest), body.encode() if isinstance(body, str) else body)


@given(json_values)
def test_json_is_read_as_it_was_written(value: Any) -> None:
    found = read(json.dumps(value))
    assert found.readable
    assert repr(found.values) == repr([value])  # NaN is not itself


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        ('{"a": "é"}'.encode("utf-16"), {"a": "é"}),
        ('{"a": "é"}'.encode("utf-32-le"), {"a": "é"}),
        (b'{"a": "\xe9"}', {"a": "é"}),
        (b'{"a": 1, "a": 2}', {"a": 2}),
        (b"12345678901234567890123", 12345678901234567890123),
        (b'"\\ud800"', "\\ud800"),
        (b"[-Infinity]", [-math.inf]),
        (b"1e400", math.inf),
        (b"[" * DEEPEST + b"]" * DEEPEST, json.loads("[" * DEEPEST + "]" * DEEPEST)),
    ],
)
def test_json_of_every_kind(text: bytes, value: Any) -> None:
    assert read(text).values == [value]


@pytest.mark.parametrize(
    "text",
    [b"<html>", b"", b"{'a': 1}", b"[" * 100_000, b"[" * 65 + b"]" * 65, b'{"a":' * 65 + b"1" + b"}" * 65, b"{}{}"],
)
def test_what_is_no_json_is_unreadable(text: bytes) -> None:
    found = read(text)
    assert found.values == []
    assert found.readable is (text == b"")


def test_an_integer_of_many_digits_is_one() -> None:
    assert isinstance(json_of(b"7" * 10_000), int)


def test_no_type_said() -> None:
    assert read('{"a": 1}', "")[:3] == (JSON, "json", [{"a": 1}])
    assert read("plain", "")[:3] == ("", "text", [])
    assert read("{plain", "").text == "{plain"
    assert read(b"\x89PNG\x00", "")[:3] == ("", "binary", [])
    assert read(b"\x89PNG\x00", "").text is None


def test_codings_are_taken_off() -> None:
    packed = gzip.compress(b'{"a": 1}')
    assert read(packed, JSON, ("Content-Encoding", "gzip")).values == [{"a": 1}]
    assert not read(packed, JSON, ("Content-Encoding", "br, gzip")).readable
    assert not read(b"not gzip", JSON, ("content-encoding", "gzip")).readable


def test_lines_and_events() -> None:
    assert read('{"a":1}\n\n{"a":2}\n', "application/x-ndjson").values == [{"a": 1}, {"a": 2}]
    assert read('\x1e{"a":1}\n\x1e{"a":2}', "application/json-seq").values == [{"a": 1}, {"a": 2}]
    assert read('{"a":1}\n{"a', "application/x-ndjson").values == [{"a": 1}]  # cut
    assert not read('{"a":1}\nno\n', "application/x-ndjson").readable
    events = read(
        'event: tick\ndata: {"a":\ndata: 1}\n\n: note\r\n\r\ndata: [DONE]\n\nevent: end\n\n', "text/event-stream"
    )
    assert (events.values, events.events) == ([{"a": 1}], ["tick", "end"])


def test_forms() -> None:
    form = "application/x-www-form-urlencoded"
    assert read("a=1&a=2&b=&c=%C3%A9+x", form).fields == {"a": ["1", "2"], "b": [""], "c": ["é x"]}
    assert not read('{"a": "="}', form).readable
    assert not read("<html>", form).readable


def test_parts() -> None:
    body = (
        '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\none\r\n'
        '--x\r\ncontent-disposition: form-data; name="a"\r\nContent-Type: application/json\r\n\r\n{"b": 2}\r\n'
        '--x\r\nContent-Disposition: form-data; filename="; name=g"; name=f\r\ncontent-type:Image/PNG\r\n\r\n--x--y\r\n'
        "--x\r\nContent-Disposition: form-data; name*=UTF-8''%C3%A9;\r\n filename=x\r\n\r\n\r\n"
        "--x\r\n\r\nnobody\r\n--x--\r\n"
    )
    found = read(body, "Multipart/Form-Data; boundary=x")
    assert found.media == "multipart/form-data"
    assert found.fields == {"a": ["one", '{"b": 2}']}
    assert found.files == {"f": ["image/png"], "é": [""]}
    assert found.text == "a=one&a=%7B%22b%22%3A+2%7D"
    assert not read(body, "multipart/form-data").readable
    assert not read(body[:-8], "multipart/form-data; boundary=x").readable


def test_what_clients_send() -> None:
    """The bodies that httpx makes, and the responses that Starlette does, as they cross a mirror."""

    async def answer(request: Request) -> Response:
        await request.body()
        return JSONResponse({"id": 1}, 201)

    with Mirror(attach=True) as mirror:
        client = TestClient(Starlette(routes=[Route("/", answer, methods=["POST"])]))
        client.post("/", data={"a": "1"}, files={"f": ("f.txt", b"text", "text/plain")})
        client.post("/", data={"a": ["1", "2"]})
        client.post("/", json={"a": [1]})
        client.post("/", content=b'{"a": 2}')
        requests = [read_body(each.request.headers, each.request.body) for each in mirror.exchanges]
        responses = [read_body(each.response.headers, each.response.body) for each in mirror.exchanges]
    multipart, form, typed, untyped = requests
    assert (multipart.fields, multipart.files) == ({"a": ["1"]}, {"f": ["text/plain"]})
    assert form.fields == {"a": ["1", "2"]}
    assert (typed.values, untyped.values) == ([{"a": [1]}], [{"a": 2}])
    assert untyped.media == JSON
    assert {each.text for each in responses} == {'{"id":1}'}


@given(st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode()), types, st.booleans())
def test_no_body_raises_and_all_evidence_can_be_carried(body: bytes, kind: str, packed: bool) -> None:
    rest = [("Content-Encoding", "gzip")] if packed else []
    contents: dict[str, Content] = {}
    found = read(gzip.compress(body) if packed else body, kind, *rest)
    add_body(contents, found, "test")
    carried = msgspec.msgpack.decode(msgspec.msgpack.encode(contents), type=dict[str, Content])
    assert carried == contents


messages = st.tuples(st.sampled_from([JSON, "application/x-www-form-urlencoded", "text/event-stream", ""]), st.one_of(
    json_values.map(json.dumps), st.sampled_from(["", "a=1&b=2", "a=1&a=x", "event: a\ndata: 1\n\n", "<html>"])
))  # fmt: skip


def learned(bodies: list[tuple[str, str]]) -> dict[str, Content]:
    contents: dict[str, Content] = {}
    for kind, text in bodies:
        body = read(text, kind)
        add_body(contents, body, "")
    return contents


@given(st.lists(messages, max_size=8), st.lists(messages, max_size=8))
def test_the_order_and_the_division_of_bodies_do_not_matter(some: list[Any], others: list[Any]) -> None:
    whole = learned(some + others)
    merged = learned(others)
    merge_into(merged, learned(some))
    assert merged == whole


def test_the_first_examples_are_kept() -> None:
    contents: dict[str, Content] = {}
    for number in (5, 3, 9, 1, 3):
        add_body(contents, read(str(number)), "")
    add_body(contents, read("0" * 9000, "text/plain"), "")
    assert [each.text for each in contents[JSON].examples] == ["1", "3", "5"][:MOST_EXAMPLES]
    assert contents["text/plain"].examples == []


def test_the_fullest_examples_are_kept_each_once() -> None:
    contents: dict[str, Content] = {}
    for test, text in [
        ("a", '{"id": 1}'), ("b", '{"id": 1}'), ("c", "[]"), ("d", '[{"id": 1, "name": "x"}]'), ("e", '{"id": 2}'),
        ("z", '{"id": 1, "name": "x", "note": null}'), ("y", '{"id": 1, "name": "x", "note": null}'),
    ]:  # fmt: skip
        add_body(contents, read(text), test)
    assert [(each.test, each.text) for each in contents[JSON].examples] == [
        ("d", '[{"id": 1, "name": "x"}]'),
        ("y", '{"id": 1, "name": "x", "note": null}'),
        ("a", '{"id": 1}'),
    ]


def test_what_is_counted() -> None:
    contents: dict[str, Content] = {}
    for text in ("", "<html>", "{}"):
        add_body(contents, read(text), "")
    found = contents[JSON]
    assert (found.count, found.unreadable, found.shape.count, found.family) == (3, 1, 1, "json")
