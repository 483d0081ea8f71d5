"""mitmproxy's flow files: a sequence of flows, each a tnetstring.

A tnetstring is ``LENGTH:DATA`` and a letter for its type: ``,`` bytes, ``;`` text, ``#`` integer, ``^`` float, ``!``
boolean, ``~`` null, ``]`` list, ``}`` dictionary (tnetstrings.info; the ``;`` is mitmproxy's). Only what the
last years' versions of the format have in common is read.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from mirror.exchange import Exchange, Request, Response, WebSocketMessage
from mirror.headers import Headers
from mirror.store.reading import Reading, opened

LONGEST = 1 << 30
DIGITS = re.compile(rb"[0-9]{1,12}")
DEEPEST = 50


def read_flows(path: Path, reading: Reading) -> Iterator[Exchange]:
    """The HTTP flows that have a response. Raises CaptureError that names the flow."""
    with opened(path) as file:
        number = 0
        while True:
            place = f"{path} flow {number + 1}"
            try:
                flow = load(file)
            except (ValueError, RecursionError) as error:
                reading.skip(place, f"{error}; nothing behind it can be read")
                return
            if flow is None:
                return
            number += 1
            if not isinstance(flow, dict):
                reading.skip(place, "this is no flow of mitmproxy's")
                continue
            try:
                if flow["type"] == "http" and flow.get("response") is not None:
                    yield from_flow(flow)
            except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
                reading.skip(place, f"not the flow of an HTTP exchange: {type(error).__name__}: {error}")


def load(file: BinaryIO) -> Any:
    """The next value, None at the end. Raises ValueError."""
    digits = b""
    while (byte := file.read(1)) != b":":
        if not byte and not digits:
            return None
        digits += byte
        if not byte or not byte.isdigit() or len(digits) > 12:
            raise ValueError("this is no flow file of mitmproxy's")
    size = int(digits)
    if size > LONGEST:
        raise ValueError(f"a flow of {size} bytes")
    data = file.read(size + 1)
    if len(data) <= size:
        raise ValueError("the file ends in the middle of a flow")
    return value(data[:size], data[size:], 0)


def value(data: bytes, kind: bytes, depth: int) -> Any:
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    match kind:
        case b",":
            return data
        case b";":
            return data.decode("utf-8")
        case b"#":
            return int(data)
        case b"^":
            return float(data)
        case b"!":
            return data == b"true"
        case b"~":
            return None
        case b"]":
            return list(values(data, depth))
        case b"}":
            members = list(values(data, depth))
            return {name(key): said for key, said in zip(members[::2], members[1::2], strict=True)}
    raise ValueError(f"a value of the unknown type {kind!r}")


def values(data: bytes, depth: int) -> Iterator[Any]:
    place = 0
    while place < len(data):
        colon = data.index(b":", place)
        digits = data[place:colon]
        if not DIGITS.fullmatch(digits):
            raise ValueError("a value without a length")
        end = colon + 1 + int(digits)
        if end >= len(data):
            raise ValueError("a value ends beyond its list")
        yield value(data[colon + 1 : end], data[end : end + 1], depth + 1)
        place = end + 1


def name(key: Any) -> str:
    return key.decode("utf-8") if isinstance(key, bytes) else str(key)


def from_flow(flow: dict[str, Any]) -> Exchange:
    request, response = flow["request"], flow["response"]
    fields = headers(request)
    if "host" not in fields:
        host = octets(request.get("authority") or b"") or f"{text(request['host'])}:{request['port']}".encode()
        fields = Headers(((b"Host", host), *fields.raw))
    begun = seconds(request["timestamp_start"])
    status = response["status_code"]
    if type(status) is not int or not 0 <= status <= 999:
        raise ValueError(f"the status {status!r:.40} is none")
    return Exchange(
        str(flow.get("id", "")),
        Request(text(request["method"]), text(request["path"]), fields, chunks(request), text(request["scheme"])),
        Response(
            status,
            text(response["reason"]),
            headers(response),
            chunks(response),
            headers({"headers": response.get("trailers") or []}),
        ),
        "http",
        begun,
        seconds(response.get("timestamp_end") or begun) - begun,
        messages=tuple(map(message, (flow.get("websocket") or {}).get("messages") or ())),
    )


def message(said: list[Any]) -> WebSocketMessage:
    opcode, from_client, content, time = said[:4]
    return WebSocketMessage(
        "client" if from_client else "server", "text" if opcode == 1 else "binary", octets(content), seconds(time)
    )


def headers(message: dict[str, Any]) -> Headers:
    return Headers(tuple([(octets(key), octets(said)) for key, said in message["headers"]]))


def chunks(message: dict[str, Any]) -> tuple[bytes, ...]:
    content = message.get("content")
    return (octets(content),) if content else ()


def octets(value: Any) -> bytes:
    if not isinstance(value, bytes):  # bytes(10**12) are a terabyte
        raise TypeError(f"{value!r:.40} where bytes stand")
    return value


def seconds(value: Any) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"the time {value!r:.40} is none")
    return float(value)


def text(value: Any) -> str:
    if not isinstance(value, bytes | str):
        raise TypeError(f"{value!r:.40} where a text stands")
    return value.decode("latin-1") if isinstance(value, bytes) else value
