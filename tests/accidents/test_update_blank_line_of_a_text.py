"""A literal text ended with a line of blanks, indented further than the text: it is a part of it. A member that an
update put behind it was put before that line, which was lost."""

from __future__ import annotations

import pytest

from mirror.openapi.patching import patched
from mirror.openapi.placed import Values
from mirror.openapi.reading import placed


@pytest.mark.parametrize("line", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["   ", "two ", "    "])
def test_stays(line: str, last: str) -> None:
    lines = ["b:", "  a: |", "    one", f"    {last}", "", "c: []", ""]
    text = line.join(lines)
    before = Values().of(placed(text, "it"))
    target = {**before, "b": {**before["b"], "b": 1}}
    after = patched(text, placed(text, "it"), target)
    assert Values().of(placed(after, "it")) == target


@pytest.mark.parametrize("line", ["\n", "\r\n"])
def test_blank_lines_that_are_kept(line: str) -> None:
    """Behind a text that keeps them a member was taken away: half of a line break stayed."""
    text = line.join(["b:", "  a: |+", "    kept", "", "", "  d: 1", "", "e: 1", ""])
    before = Values().of(placed(text, "it"))
    for target in ({"b": {"a": before["b"]["a"]}}, {"b": {"a": before["b"]["a"]}, "e": 1}, {**before, "b": {"d": 1}}):
        after = patched(text, placed(text, "it"), target)
        assert Values().of(placed(after, "it")) == target
