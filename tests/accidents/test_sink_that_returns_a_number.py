"""Accident: a sink whose write() returned what a file's write() returns failed the test."""

from __future__ import annotations

from typing import Any

from flask import Flask

from mirror import Mirror


class Length:
    def write(self, exchange: Any) -> Any:
        return 42


def test_what_is_no_remark_is_none() -> None:
    with Mirror(sinks=[Length()]) as mirror:
        assert Flask(__name__).test_client().get("/").status_code == 404
        assert (mirror.counts.published, mirror.counts.remarks) == (1, {})
