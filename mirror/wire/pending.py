"""Responses that wait to be asked for on the echo port, by correlation ID: those whose request goes through a proxy.

A response is given out once. Publishers take their entry back in ``finally``, so that after a run nothing is left:
a proxy may answer by itself, and a request may never arrive.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import unquote

import msgspec

from mirror.wire.message import Message


class Expected(msgspec.Struct, frozen=True):
    """A response, and the request line that it answers."""

    method: str
    target: str
    response: Message


class Pending:
    """``put`` before the request leaves, ``take`` when it arrives, ``discard`` when its trip is over."""

    __slots__ = ("_expected",)

    def __init__(self) -> None:
        self._expected: dict[str, Expected] = {}

    def __len__(self) -> int:
        return len(self._expected)

    def __contains__(self, key: str) -> bool:
        return key in self._expected

    def put(self, key: str, expected: Expected) -> None:
        self._expected[key] = expected

    def take(self, key: str) -> Message | None:
        expected = self._expected.pop(key, None)
        return None if expected is None else expected.response

    def discard(self, key: str) -> None:
        self._expected.pop(key, None)

    def take_known(self, keys: Iterable[str]) -> Message | None:
        """The response to a request that carries these values in its correlation header field(s)."""
        for key in keys:
            response = self.take(key)
            if response is not None:
                return response
        return None

    def take_alike(self, method: str, target: str) -> Message | None:
        """The response to a request without an ID: the outstanding one with that method and that path.

        Proxies rewrite percent-encodings, slashes and the order of a query; so the paths are compared as they mean
        the same. A request that is like no outstanding one is a stranger's, such as an agent's own probe.
        """
        for key, expected in list(self._expected.items()):
            if expected.method == method and same_path(expected.target, target):
                return self.take(key)
        return None


def same_path(target: str, other: str) -> bool:
    return target == other or normal_path(target) == normal_path(other)


def normal_path(target: str) -> list[str]:
    """The segments of a path as a proxy may understand them: decoded, empty ones left out, ``..`` resolved."""
    if target == "*":
        return []  # that of the server as a whole (OPTIONS *), which a proxy passes on as the root
    if target.startswith("http://"):  # the absolute form, which a server has to accept (RFC 9112 section 3.2.2)
        target = "/" + target[7:].partition("/")[2]
    path = unquote(target.partition("?")[0], "latin-1")
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", "."):
            segments.append(segment)
    return segments
