"""What WSGI and ASGI observers have in common."""

from __future__ import annotations

import re
from typing import Any, Final

from mirror.exchange import Response
from mirror.headers import Headers, encode

# Holds the exchange's ID in the environ or scope of a call that is observed, so that a second observer further in, or
# a second way of attaching, lets it pass.
MARK: Final = "mirror.exchange"

# What a server answers for an application that raised before it had answered.
SERVER_ERROR: Final = Response(
    500,
    "Internal Server Error",
    Headers(((b"Content-Type", b"text/plain; charset=utf-8"), (b"Content-Length", b"21"))),
    (b"Internal Server Error",),
)

UNSENDABLE: Final = re.compile(rb"[^\x21\x22\x24-\x7e]")


def quote_rest(target: bytes) -> str:
    """A target or a part of it, with the bytes that no target can hold percent-encoded (RFC 3986 section 2.1)."""
    return UNSENDABLE.sub(lambda match: b"%%%02X" % match[0][0], target).decode("ascii")


def as_bytes(data: Any) -> bytes:
    """A copy of what was given out as bytes, whatever it is: complaining about it is the client's business."""
    if type(data) is bytes:
        return data
    try:
        return bytes(memoryview(data))
    except TypeError:
        return encode(str(data))
