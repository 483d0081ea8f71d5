"""HTTP Archives: what mirror writes, what others write, and what is broken."""

from __future__ import annotations

import base64
import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest
from factories import make_exchange, make_request, make_response

from mirror import Exchange, WebSocketMessage
from mirror.errors import CaptureError
from mirror.store.capture import read, save
from mirror.store.reading import LONGEST, Reading


def saved(path: Path, *exchanges: Exchange) -> list[dict[str, Any]]:
    save(path, exchanges)
    entries: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["log"]["entries"]
    return entries


def read_one(tmp_path: Path, entry: dict[str, Any]) -> Exchange:
    path = tmp_path / "foreign.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "creator": {}, "entries": [entry]}}), "utf-8")
    (exchange,) = read(path)
    return exchange


def foreign(request: dict[str, Any], response: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {
        "request": {"method": "GET", "url": "http://shop.test/", **request},
        "response": {"status": 200, **response},
    } | rest


def test_an_entry(tmp_path: Path) -> None:
    exchange = make_exchange(
        make_request("POST", "/a%2Fb?x=1&x=%20", b"n=v", headers=[
            ("Content-Type", "application/x-www-form-urlencoded"), ("Cookie", "a=1; b=2"),
        ]),
        make_response(302, b'{"caf\xc3\xa9": 1}', headers=[
            ("Content-Type", "application/json"), ("Location", "/next"),
            ("Set-Cookie", "s=1; Path=/; HttpOnly; Expires=Wed, 21 Oct 2026 07:28:00 GMT"),
            ("Set-Cookie", "t=2; Secure"),
        ]),
        started=1_700_000_000.25, elapsed=0.5,
    )  # fmt: skip
    (entry,) = saved(tmp_path / "capture.har", exchange)
    assert entry["startedDateTime"] == "2023-11-14T22:13:20.250000Z"
    assert entry["time"] == 500.0
    request, response = entry["request"], entry["response"]
    assert request["url"] == "http://testserver/a%2Fb?x=1&x=%20"
    assert request["queryString"] == [{"name": "x", "value": "1"}, {"name": "x", "value": " "}]
    assert request["cookies"] == [{"name": "a", "value": "1"}, {"name": "b", "value": "2"}]
    assert request["postData"]["text"] == "n=v"
    assert request["postData"]["params"] == [{"name": "n", "value": "v"}]
    assert (response["status"], response["redirectURL"], response["content"]["text"]) == (302, "/next", '{"café": 1}')
    assert [cookie["name"] for cookie in response["cookies"]] == ["s", "t"]
    assert response["cookies"][0]["expires"] == "2026-10-21T07:28:00Z"
    assert response["cookies"][1]["secure"]


def test_a_coded_body_is_told_without_its_coding_and_read_back_with_it(tmp_path: Path) -> None:
    plain = b"x" * 1000
    exchange = make_exchange(
        response=make_response(
            200, gzip.compress(plain), headers=[("Content-Encoding", "gzip"), ("Content-Type", "text/plain")]
        )
    )
    (entry,) = saved(tmp_path / "capture.har", exchange)
    assert entry["response"]["content"]["text"] == plain.decode()
    assert list(read(tmp_path / "capture.har")) == [exchange]


def test_a_binary_body_is_base64(tmp_path: Path) -> None:
    exchange = make_exchange(make_request("POST", "/", b"\xff\x00"), make_response(200, bytes(range(256))))
    (entry,) = saved(tmp_path / "capture.har", exchange)
    assert base64.b64decode(entry["response"]["content"]["text"]) == bytes(range(256))
    assert entry["response"]["content"]["encoding"] == entry["request"]["postData"]["encoding"] == "base64"
    assert list(read(tmp_path / "capture.har")) == [exchange]


def test_messages_are_written_as_browsers_do(tmp_path: Path) -> None:
    exchange = make_exchange(
        response=make_response(101),
        messages=(
            WebSocketMessage("client", "text", b"hi", 5.0),
            WebSocketMessage("server", "binary", b"\xff", 6.0),
            WebSocketMessage("server", "close", b"bye", 7.0, 1000),
        ),
    )
    (entry,) = saved(tmp_path / "capture.har", exchange)
    assert entry["request"]["url"].startswith("ws://")
    assert entry["_resourceType"] == "websocket"
    assert entry["_webSocketMessages"] == [
        {"type": "send", "time": 5.0, "opcode": 1, "data": "hi"},
        {"type": "receive", "time": 6.0, "opcode": 2, "data": "/w=="},
        {"type": "receive", "time": 7.0, "opcode": 8, "data": "bye", "_code": 1000},
    ]


# What others write ----------------------------------------------------------------------------------------------------


def test_the_least_that_is_an_entry(tmp_path: Path) -> None:
    exchange = read_one(tmp_path, foreign({"url": "https://shop.test:8443/a?b=c#part"}, {}))
    assert exchange.request.target == "/a?b=c"
    assert exchange.request.authority == "shop.test:8443"
    assert exchange.request.scheme == "https"
    assert exchange.gateway == "http"
    assert exchange.response.status == 200


def test_a_browsers_entry_over_http2(tmp_path: Path) -> None:
    exchange = read_one(
        tmp_path,
        foreign(
            {
                "url": "https://shop.test/orders",
                "headers": [
                    {"name": ":authority", "value": "shop.test"},
                    {"name": ":path", "value": "/orders"},
                    {"name": "accept", "value": "*/*"},
                ],
            },
            {
                "headers": [{"name": "content-encoding", "value": "br"}, {"name": "content-length", "value": "12"}],
                "content": {"size": 2, "mimeType": "application/json", "text": "{}"},
            },
            startedDateTime="2026-01-01T00:00:00.500Z",
            time=12.5,
        ),
    )
    assert list(exchange.request.headers) == [("Host", "shop.test"), ("accept", "*/*")]
    assert list(exchange.response.headers) == [("content-length", "2")]
    assert exchange.response.body == b"{}"
    assert (exchange.started, exchange.elapsed) == (1767225600.5, 0.0125)


def test_parameters_in_the_place_of_a_text(tmp_path: Path) -> None:
    """As Postman and Insomnia tell forms."""
    form = read_one(
        tmp_path,
        foreign(
            {
                "method": "POST",
                "postData": {
                    "mimeType": "application/x-www-form-urlencoded",
                    "params": [{"name": "a b", "value": "&"}],
                },
            },
            {},
        ),
    )
    assert form.request.body == b"a+b=%26"
    assert form.request.headers["content-length"] == "7"
    parts = read_one(
        tmp_path,
        foreign(
            {
                "method": "POST",
                "postData": {
                    "mimeType": "multipart/form-data",
                    "params": [
                        {"name": "file", "fileName": "a.txt", "contentType": "text/plain", "value": "hello"},
                        {"name": "n"},
                    ],
                },
            },
            {},
        ),
    )
    boundary = parts.request.headers["content-type"].partition("boundary=")[2]
    assert parts.request.body.count(boundary.encode()) == 3
    assert b'name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nhello\r\n' in parts.request.body


def test_a_body_in_a_file_beside_the_archive(tmp_path: Path) -> None:
    """As Playwright writes them."""
    digits = "0a1b" * 10
    (tmp_path / f"{digits}.bin").write_bytes(b"\x00\x01")
    assert read_one(tmp_path, foreign({}, {"content": {"_file": f"{digits}.bin"}})).response.body == b"\x00\x01"
    os.mkfifo(tmp_path / f"{digits}.fifo")
    (tmp_path / f"{digits}.link").symlink_to("/etc/hostname")
    (tmp_path / ".env").write_text("SECRET=1")
    (tmp_path / "notes.txt").write_text("for nobody else")
    with (tmp_path / f"{digits}.huge").open("wb") as file:
        file.truncate(LONGEST + 1)
    for name, why in (
        ("../secret", "as Playwright calls one"),
        ("/etc/hostname", "as Playwright calls one"),
        (".env", "as Playwright calls one"),
        ("notes.txt", "as Playwright calls one"),
        (f"{'1' * 40}.bin", "No such file"),
        (f"{digits}.fifo", "no ordinary file"),
        (f"{digits}.link", "no ordinary file"),
        (f"{digits}.huge", "longer than 384 MiB"),
    ):
        with pytest.raises(CaptureError, match=f"entry 1: .*{why}"):
            read_one(tmp_path, foreign({}, {"content": {"_file": name}}))


def test_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "bom.har"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps({"log": {"entries": [foreign({}, {})]}}).encode())
    assert len(list(read(path))) == 1


@pytest.mark.parametrize("response", [{"status": 0}, {"status": -1}, {"status": None}, None])
def test_an_entry_without_a_response_is_passed_over(response: Any, tmp_path: Path) -> None:
    path = tmp_path / "aborted.har"
    path.write_text(json.dumps({"log": {"entries": [foreign({}, {}) | {"response": response}, foreign({}, {})]}}))
    reading = Reading()
    assert len(list(read(path, reading))) == 1
    assert reading.skipped == 1


# What is broken -------------------------------------------------------------------------------------------------------

ENTRY = json.dumps(foreign({}, {}))
WHOLE = f'{{"log": {{"version": "1.2", "entries": [{ENTRY}, {ENTRY}, {ENTRY}]}}}}'.encode()


def with_second(text: bytes) -> bytes:
    """An archive of three entries, the one in the middle replaced."""
    return b'{"log": {"version": "1.2", "entries": [' + b", ".join([ENTRY.encode(), text, ENTRY.encode()]) + b"]}}"


@pytest.mark.parametrize(
    "entry",
    [
        b"17", b"null", b"[]", b"{}", b'{"request": {}, "response": {"status": 200}}',
        b'{"request": {"method": "GET", "url": 5}, "response": {"status": 200}}',
        b'{"request": {"method": "GET", "url": "http://[::1/"}, "response": {"status": 200}}',
        b'{"request": {"method": "GET", "url": "/", "headers": [5]}, "response": {"status": 200}}',
        b'{"request": {"method": "GET", "url": "/", "headers": 5}, "response": {"status": 200}}',
        b'{"request": {"method": "GET", "url": "/"},'
        b' "response": {"status": 200, "content": {"text": "!", "encoding": "base64"}}}',
        b'{"request": {"method": "GET", "url": "/"}, "response": {"status": 200}, "_mirror": {"route": 5}}',
        b'{"request": NaN}', b'{"request": "\xff\xfe"}', b'{"a": 1, "a": 2}', b"{'a': 1}", b'{"a": nope}', b'"text"',
        b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)  # fmt: skip
def test_an_entry_that_is_none_is_named_or_passed_over(entry: bytes, tmp_path: Path) -> None:
    path = tmp_path / "broken.har"
    path.write_bytes(with_second(entry))
    with pytest.raises(CaptureError, match=r"broken\.har entry 2: "):
        list(read(path))
    reading = Reading(keep_going=True)
    assert len(list(read(path, reading))) == 2
    assert reading.skipped == 1


@pytest.mark.parametrize(
    "content",
    [
        WHOLE[:-30],
        WHOLE[: WHOLE.index(b"response") + 20],
        with_second(b'{"a": ' + b"[" * 100_000),
        with_second(b'{"a": "'),
        WHOLE[:-1],
    ],
    ids=["cut", "cut early", "deep nesting", "a string without an end", "one bracket less"],
)
def test_json_that_breaks_off(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "broken.har"
    path.write_bytes(content)
    with pytest.raises(CaptureError, match=r"broken\.har (entry|behind entry) \d: "):
        list(read(path))
    reading = Reading(keep_going=True)
    assert len(list(read(path, reading))) <= 3
    assert reading.skipped == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"hello", "this is no HAR"),
        (b"[]", "this is no HAR"),
        (b"{}", "it has no log.entries"),
        (b'{"log": {}}', "it has no log.entries"),
        (b'{"log": []}', "it has no log.entries"),
        (b'{"log": {"version": "2.0", "entries": []}}', "version 2.0 of HAR"),
        (b"\x1f\x8b\x08\x00", "this is no HAR"),
    ],
)
def test_a_file_that_is_no_archive(content: bytes, why: str, tmp_path: Path) -> None:
    path = tmp_path / "other.har"
    path.write_bytes(content)
    with pytest.raises(CaptureError) as caught:
        list(read(path))
    assert why in str(caught.value)


def test_an_empty_archive_is_one(tmp_path: Path) -> None:
    save(tmp_path / "empty.har", [])
    assert list(read(tmp_path / "empty.har")) == []
