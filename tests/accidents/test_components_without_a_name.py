"""A member called by signs alone gives its component no name: the first that had none was numbered from nothing."""

from __future__ import annotations

import pytest

from mirror.openapi.group import free


@pytest.mark.parametrize(("wanted", "expected"), [([""], ["2", "3"]), (["A"], ["A", "A2"]), (["A", ""], ["A", "A2"])])
def test_are_numbered(wanted: list[str], expected: list[str]) -> None:
    taken: dict[str, int] = {}
    assert [free(wanted, ("",), taken) for _ in expected] == expected
