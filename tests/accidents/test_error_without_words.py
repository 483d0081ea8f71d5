"""An exception whose ``str()`` raises cost the exchange: "the exchange could not be read: RuntimeError: no words"."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import Client

from mirror import Mirror


class UnspeakableError(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")


def test_an_error_without_words_is_told_by_its_name() -> None:
    def fail(environ: Any, start_response: Any) -> Any:
        raise UnspeakableError

    with Mirror() as mirror, pytest.raises(UnspeakableError):
        Client(fail).get("/")
    assert [exchange.error for exchange in mirror.exchanges] == ["UnspeakableError"]
