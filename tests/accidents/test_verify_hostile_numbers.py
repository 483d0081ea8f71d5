"""Numbers in an agent's file that are none, or as large as no message, ended ``mirror verify`` with a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from mirror.errors import CaptureError
from mirror.store.reading import Reading
from mirror.verify.http1 import Conversation
from mirror.verify.http1_messages import Unreadable
from mirror.verify.seen import read_seen

ASKED = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"1" * 5000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"f" * 5000 + b"\r\n",
        b"HTTP/1.\n\n200 OK\r\n\r\n",
        b"HTTP/1.1\n200 OK\r\n\r\n",
    ],
)
def test_in_http(answer: bytes) -> None:
    conversation = Conversation("a")
    list(conversation.feed(True, ASKED, 0.0))
    with pytest.raises(Unreadable):
        list(conversation.feed(False, answer, 0.0))


def string(data: bytes, kind: bytes = b",") -> bytes:
    return b"%d:%b%b" % (len(data), data, kind)


def table(**members: bytes) -> bytes:
    return string(b"".join(string(name.encode()) + value for name, value in members.items()), b"}")


def fields(*pairs: tuple[bytes, bytes]) -> bytes:
    return string(b"".join(string(name + value, b"]") for name, value in pairs), b"]")


REQUEST = {
    "method": string(b"GET"), "path": string(b"/"), "scheme": string(b"http"), "headers": fields(),
    "host": string(b"h"), "port": string(b"80", b"#"), "timestamp_start": string(b"5", b"^"),
}  # fmt: skip
RESPONSE = {"status_code": string(b"200", b"#"), "reason": string(b"OK"), "headers": fields()}

HOSTILE: dict[str, tuple[dict[str, bytes], dict[str, bytes]]] = {
    "an infinite status": ({}, {"status_code": string(b"inf", b"^")}),
    "a status that is a float": ({}, {"status_code": string(b"200.5", b"^")}),
    "a status that is true": ({}, {"status_code": string(b"true", b"!")}),
    "a status of four digits": ({}, {"status_code": string(b"2000", b"#")}),
    "a name of a terabyte": ({"headers": fields((string(b"1000000000000", b"#"), string(b"v")))}, {}),
    "a value that is 1": ({}, {"headers": fields((string(b"n"), string(b"1", b"#")))}),
    "a content that is 1": ({}, {"content": string(b"1", b"#")}),
    "a time that is none": ({"timestamp_start": string(b"nan", b"^")}, {}),
    "a time without end": ({"timestamp_start": string(b"9" * 400, b"#")}, {}),
    "a method that is a list": ({"method": fields()}, {}),
    "digits beyond Python's": ({}, {"status_code": string(b"2" * 5000, b"#")}),
}


def flow(request: dict[str, bytes], response: dict[str, bytes]) -> bytes:
    return table(type=string(b"http", b";"), request=table(**REQUEST | request), response=table(**RESPONSE | response))


def test_in_flows_that_are_some(tmp_path: Path) -> None:
    (tmp_path / "flows").write_bytes(flow({}, {}))
    assert [each.response.status for each in read_seen(tmp_path / "flows", Reading())] == [200]


@pytest.mark.parametrize(("request_of", "response_of"), HOSTILE.values(), ids=HOSTILE)
def test_in_flows(request_of: dict[str, bytes], response_of: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "flows").write_bytes(flow(request_of, response_of))
    with pytest.raises(CaptureError, match=r"flows flow 1: .*\(--keep-going reads the rest\)"):
        list(read_seen(tmp_path / "flows", Reading()))


@pytest.mark.timeout(20)
@pytest.mark.parametrize("value", [b"-5:", b"+1:", b"1_0:", b" 1:"])
def test_a_length_that_is_none(value: bytes, tmp_path: Path) -> None:
    (tmp_path / "flows").write_bytes(string(b"0:," + value + b"1:1,,,:::", b"]"))
    with pytest.raises(CaptureError, match="a value without a length"):
        list(read_seen(tmp_path / "flows", Reading()))
