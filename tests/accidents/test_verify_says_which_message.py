"""``mirror verify`` said of a WebSocket session that its messages were others, not which one, nor what differs."""

from __future__ import annotations

import pytest

from mirror.verify.view import Messages, unlike_messages

BEFORE: Messages = (("client", "text", b"hello"), ("server", "binary", b"\0\1"), ("client", "text", b"bye"))


@pytest.mark.parametrize(
    ("after", "what"),
    [
        (BEFORE[:2], "3 messages, 2 seen: message 3 (text, from the client) is missing"),
        (BEFORE + BEFORE[1:2], "3 messages, 4 seen: message 4 (binary, from the server) is one more"),
        (
            (BEFORE[0], ("server", "binary", b"\0\2"), BEFORE[2]),
            "3 messages, 3 seen: message 2 (binary, from the server): 2 bytes became 2, different from byte 1 on",
        ),
        (
            (BEFORE[0], ("server", "text", b"\0\1"), BEFORE[2]),
            "3 messages, 3 seen: message 2 (binary, from the server): became text",
        ),
        (
            (BEFORE[0], ("client", "text", b"bye"), BEFORE[1]),
            "3 messages, 3 seen: message 2 (binary, from the server): came from the client",
        ),
    ],
)
def test_it_says_which_one(after: Messages, what: str) -> None:
    assert unlike_messages(BEFORE, after) == what
