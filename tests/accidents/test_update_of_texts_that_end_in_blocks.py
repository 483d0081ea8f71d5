"""Accident: a member behind a literal text that ends with the file, without a line break, gave that text the break; a
key of a zero byte and ``<<`` was taken for a merge key."""

from __future__ import annotations

import copy
import json

import pytest

from mirror.openapi.patching import patched
from mirror.openapi.placed import Values
from mirror.openapi.reading import placed


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("header", ["|", "|-", "|+", ">", "|2", "|2+", "| # note"])
@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_what_is_added_behind_changes_nothing(newline: str, header: str, end: str) -> None:
    lines = ["# mine", '"b":', f"  a: {header}", "    kept"]
    text = newline.join(lines) + end.replace("\n", newline)
    root = placed(text, "it")
    target = copy.deepcopy(Values().of(root))
    target["new"] = 1
    made = patched(text, root, target)
    assert Values().of(placed(made, "it")) == target
    assert made.startswith("# mine")


def test_only_two_signs_without_quotes_merge() -> None:
    for text in (json.dumps({"\0<<": {"a": 1}, "<<": {"b": 2}}), '"<<": {b: 2}\n"\\0<<": {a: 1}\n'):
        assert Values().of(placed(text, "it")) == {"\0<<": {"a": 1}, "<<": {"b": 2}}
    assert Values().of(placed("x: &x {b: 2}\ny: {<<: *x, a: 1}\n", "it"))["y"] == {"a": 1, "b": 2}
