"""Accident: Werkzeug reads an input stream with readinto(), which went by what remembers the body."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from typing import IO, Any

import pytest
from flask import Flask, request

from mirror import Mirror


class OwnStream(io.BytesIO):
    """A stream of the user's own class."""


def unbuffered() -> Any:
    return tempfile.TemporaryFile(buffering=0)


@pytest.mark.parametrize("make", [unbuffered, tempfile.SpooledTemporaryFile, tempfile.NamedTemporaryFile, OwnStream])
def test_the_body_is_on_the_exchange(make: Callable[[], IO[bytes]]) -> None:
    app = Flask(__name__)
    app.add_url_rule("/", methods=["POST"], view_func=lambda: str(len(request.get_data())))
    with make() as stream, Mirror() as mirror:
        stream.write(b"x" * 1000)
        stream.seek(0)
        assert app.test_client().post("/", input_stream=stream, content_length=1000).data == b"1000"
        assert mirror.exchanges[0].request.body == b"x" * 1000
        assert not mirror.counts.remarks
