"""A literal or folded block that --update put above a line of blanks took that line for its own."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from mirror.openapi.patching import patched
from mirror.openapi.yaml_nodes import yaml_node


@pytest.mark.parametrize(
    "told_anew", ["one\ntwo\n", "one\n\ntwo", "long words " * 20 + "end"], ids=["lines", "blank", "long"]
)
@pytest.mark.parametrize("text", ["a:\n- x\n- y\n      ", "a:\r\n- x\r\n- y\r\n      \r\n", "a:\n- x\n      \nb: 1\n"])
def test_they_are_not_a_part_of_it(text: str, told_anew: str) -> None:
    told = YAML(typ="safe").load(text)
    wanted = {**told, "a": [told_anew]}
    assert YAML(typ="safe").load(patched(text, yaml_node(text, "a document"), wanted)) == wanted
