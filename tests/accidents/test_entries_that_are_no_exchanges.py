"""Foreign archives: what never was an exchange of HTTP became one, and errors were told in Python's words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mirror import Exchange
from mirror.errors import CaptureError
from mirror.store.capture import read
from mirror.store.reading import Reading


def archive(tmp_path: Path, *entries: object) -> Path:
    path = tmp_path / "browser.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}), "utf-8")
    return path


def entry(request: Any = None, response: Any = None, **rest: Any) -> dict[str, Any]:
    if not isinstance(request, dict | None) or not isinstance(response, dict | None):
        return {"request": request, "response": response, **rest}
    return {
        "request": {"method": "GET", "url": "http://shop.test/", **(request or {})},
        "response": {"status": 200, **(response or {})},
        **rest,
    }


def the_one(tmp_path: Path, said: dict[str, Any]) -> Exchange:
    (exchange,) = read(archive(tmp_path, said))
    return exchange


@pytest.mark.parametrize(
    "url",
    ["data:image/png;base64,AAAA", "blob:https://shop.test/1", "chrome-extension://abc/x.js", "about:blank",
     "file:///etc/hostname", "moz-extension://a/b"],
)  # fmt: skip
def test_a_url_that_is_not_of_http_is_passed_over(url: str, tmp_path: Path) -> None:
    reading = Reading()
    assert len(list(read(archive(tmp_path, entry({"url": url}), entry()), reading))) == 1
    (problem,) = reading.problems
    assert f"entry 1: a URL of {url.partition(':')[0]}: is no exchange of HTTP" in problem


@pytest.mark.parametrize("url", ["{{base}}/x", "shop.test/x", "shop.test:80/x", "localhost:80/x", "/x", "http:/x", ""])
def test_a_url_that_is_not_absolute_is_an_error(url: str, tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match=r"entry 1: .* is not absolute"):
        list(read(archive(tmp_path, entry({"url": url}))))


def test_fields_joined_by_line_breaks(tmp_path: Path) -> None:
    fields = [{"name": "Set-Cookie", "value": "a=b\nc=d\r\ne=\x85"}, {"name": "X", "value": ""}]
    exchange = the_one(tmp_path, entry(response={"headers": fields}))
    assert list(exchange.response.headers) == [
        ("Set-Cookie", "a=b"), ("Set-Cookie", "c=d"), ("Set-Cookie", "e=\x85"), ("X", ""),
    ]  # fmt: skip


def test_a_lost_connection_is_no_message(tmp_path: Path) -> None:
    said = [{"type": "send", "opcode": 1, "data": "hi"}, {"type": "receive", "opcode": -1, "data": "WebSocket error"}]
    exchange = the_one(tmp_path, entry({"url": "ws://shop.test/"}, {"status": 101}, _webSocketMessages=said))
    assert [message.data for message in exchange.messages] == [b"hi"]


def test_a_number_with_a_point(tmp_path: Path) -> None:
    status = the_one(tmp_path, entry(response={"status": 200.0})).response.status
    assert (status, type(status)) == (200, int)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("text", "it is a string where an object should stand"),
        ({"response": {"status": 200}}, "'request' is missing"),
        (entry("GET /"), "request is a string where an object"),
        (entry({}, [1]) | {"response": [1]}, "response is a list where an object"),
        (entry({"url": 5}), "request.url is a number where a string"),
        (entry({"headers": {"A": "b"}}), "request.headers is an object where a list"),
        (entry({}, {"headers": ["A: b"]}), "one of response.headers is a string where an object"),
        (entry({"headers": [{"name": "A", "value": 1}]}), "a field's value is a number where a string"),
        (entry({"postData": "abc"}), "request.postData is a string where an object"),
        (entry({"postData": {"params": "a=b"}}), "postData.params is a string where a list"),
        (entry({}, {"content": "abc"}), "response.content is a string where an object"),
        (entry({}, {"content": {"text": "!", "encoding": "base64"}}), "content.text is no base64"),
        (entry(_webSocketMessages={"a": 1}), "_webSocketMessages is an object where a list"),
        (entry(_webSocketMessages=[{"opcode": 2, "data": "!"}]), "a message's data is no base64"),
        (entry(_webSocketMessages=[{"time": "now"}]), "a message's time is a string where a number"),
        (entry(_mirror={"route": 5}), "_mirror.route: "),
    ],
)
def test_an_error_says_which_member_is_what(said: Any, why: str, tmp_path: Path) -> None:
    with pytest.raises(CaptureError) as caught:
        list(read(archive(tmp_path, said)))
    assert why in str(caught.value)
