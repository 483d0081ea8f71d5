"""Accident: aliases within aliases, a few lines that stand for billions of values, were followed one by one."""

from __future__ import annotations

import pytest

from mirror.errors import DocumentError
from mirror.openapi.reading import read

HEAD = "openapi: 3.1.0\ninfo: {title: t, version: v}\npaths: {}\n"


def laughs(levels: int, each: int) -> str:
    lines = ["x-0: &a0 [ha]"] + [f"x-{n}: &a{n} [{', '.join([f'*a{n - 1}'] * each)}]" for n in range(1, levels)]
    return HEAD + "\n".join(lines) + "\n"


def test_they_are_refused_where_they_become_too_many() -> None:
    with pytest.raises(
        DocumentError, match=r"o\.yaml, line \d+: aliases stand for more than 1,000,000 values: refer to"
    ):
        read(laughs(12, 10), "o.yaml")


def test_others_are_followed() -> None:
    assert read(laughs(3, 10), "o.yaml")["x-2"] == [[["ha"]] * 10] * 10
