"""Texts that are made to say something else: they say it, and all that did not have to change is as it was."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from mirror.openapi.patching import patched
from mirror.openapi.placed import Values
from mirror.openapi.reading import placed
from mirror.openapi.writing import json_text, scalar, write

keys = st.sampled_from(["a", "b", "c", "d", "200", "no", "a b", "x: y", "/p/{q}", "é", "#c"])
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from(["", "word", "two words", "no", "1e3", "x: y # z", "é"])
)
blocks = st.sampled_from(["one\ntwo\n", "one\n\ntwo", "long words " * 20 + "end", "kept\n\n\n"])
trees = st.recursive(
    scalars | blocks,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=15,
)
roots = st.dictionaries(keys, trees, min_size=1, max_size=4)


class Hand:
    """Writes YAML as some hand might: in its own indentation, quotes, brackets, comments and blank lines."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self._step = draw(st.sampled_from([1, 2, 4]))
        self._dent = draw(st.sampled_from([0, 2]))
        self._commented = draw(st.booleans())

    def _one_of(self, *choices: str) -> str:
        return self._draw(st.sampled_from(choices))

    def _noise(self, indent: int) -> str:
        if not self._commented:
            return ""
        return self._one_of("", "", "", "\n", f"{' ' * indent}# said by hand: yes\n", "# - at the left\n", "   \n\n")

    def _tail(self) -> str:
        return self._one_of("", "", "  # here: too\n").rstrip("\n") if self._commented else ""

    def _flat(self, value: Any) -> str:
        if isinstance(value, dict):
            inner = ", ".join(f"{json_text(key)}: {self._flat(member)}" for key, member in value.items())
            return f"{{{inner}}}" if self._draw(st.booleans()) else f"{{ {inner} }}" if inner else "{}"
        if isinstance(value, list):
            return f"[{', '.join(map(self._flat, value))}]"
        return json_text(value, None) if isinstance(value, str) else scalar(value)

    def _simple(self, value: Any, indent: int) -> str:
        if isinstance(value, str) and "\n" in value and value.strip() and self._draw(st.booleans()):
            chomp = "+" if value.endswith("\n\n") else "" if value.endswith("\n") else "-"
            lines = value.removesuffix("\n").split("\n")
            return f"|{chomp}\n" + "\n".join(" " * (indent + self._step) + line if line else "" for line in lines)
        if isinstance(value, str) and re.fullmatch("[a-z ]*[a-z]", value) and value != "no":
            return self._one_of(value, f"'{value}'", f'"{value}"') + self._tail()
        if value is None:
            return self._one_of("null", "~", "") + self._tail()
        return self._flat(value) + self._tail()

    def lines(self, value: Any, indent: int) -> str:
        """A collection in lines of its own."""
        text = ""
        for member in value.items() if isinstance(value, dict) else value:
            text += self._noise(indent)
            if isinstance(value, dict):
                name, member = member
                quoted = scalar(name) if self._draw(st.booleans()) else json_text(name)
                text += " " * indent + quoted + self._one_of(":", ":", " :" if quoted[0] == '"' else ":")
            else:
                text += " " * indent + "-"
            if isinstance(member, dict | list) and member and self._draw(st.integers(0, 3)):
                if not isinstance(value, dict) and self._draw(st.booleans()):
                    inner = self.lines(member, indent + 2)
                    text += " " + inner.lstrip(" ") if inner.startswith(" ") else self._tail() + "\n" + inner
                else:
                    dent = self._dent if isinstance(value, dict) and isinstance(member, list) else self._step
                    text += self._tail() + "\n" + self.lines(member, indent + dent)
            else:
                text += f" {self._simple(member, indent)}\n"
        return text + self._noise(indent)


@st.composite
def by_hand(draw: st.DrawFn, value: dict[str, Any]) -> str:
    text = Hand(draw).lines(value, 0)
    text = draw(st.sampled_from([text, text, f"# head\n\n{text}", f"---\n{text}", f"{text}...\n"]))
    if draw(st.integers(0, 4)) == 0 and not text.endswith("...\n"):
        text = text.rstrip("\n")
    if draw(st.integers(0, 4)) == 0:
        text = text.replace("\n", "\r\n")
    return text


@st.composite
def changes(draw: st.DrawFn, value: Any) -> Any:
    """A value with some members changed, taken away or added."""
    if isinstance(value, dict):
        made = {name: draw(changes(member)) for name, member in value.items() if draw(st.integers(0, 9))}
        if not draw(st.integers(0, 3)):
            fresh = list(draw(st.dictionaries(keys, trees, max_size=2)).items())
            place = draw(st.integers(0, len(made)))
            rest = list(made.items())
            made = dict([*rest[:place], *((name, new) for name, new in fresh if name not in made), *rest[place:]])
        return made
    if isinstance(value, list):
        listed = [draw(changes(member)) for member in value if draw(st.integers(0, 9))]
        if not draw(st.integers(0, 3)):
            listed.insert(draw(st.integers(0, len(listed))), draw(trees))
        return listed
    return value if draw(st.integers(0, 5)) else draw(trees)


def values(text: str) -> Any:
    return Values().of(placed(text, "it"))


def told(value: Any) -> str:
    """A value as text, in which 1 is not true, and the order of members does not matter."""
    if isinstance(value, dict):
        return f"{{{','.join(sorted(f'{name!r}:{told(member)}' for name, member in value.items()))}}}"
    return f"[{','.join(map(told, value))}]" if isinstance(value, list) else repr(value)


@given(roots, st.data())
@settings(max_examples=300, deadline=None)
def test_a_patched_text_says_what_it_is_to_say(document: dict[str, Any], data: st.DataObject) -> None:
    text = data.draw(by_hand(document))
    before = values(text)
    target = data.draw(changes(before))
    after = patched(text, placed(text, "it"), target)
    assert told(values(after)) == told(target)


@given(roots, st.data())
@settings(deadline=None)
def test_nothing_changes_where_nothing_differs(document: dict[str, Any], data: st.DataObject) -> None:
    text = data.draw(by_hand(document))
    assert patched(text, placed(text, "it"), values(text)) == text


@given(roots, st.data(), st.sampled_from([None, 2, 4, "\t"]), st.booleans())
@settings(deadline=None)
def test_json(document: dict[str, Any], data: st.DataObject, indent: Any, tight: bool) -> None:
    text = json_text(document, indent)
    if tight and indent is None:
        text = text.replace(": ", ":").replace(", ", ",")
    before = values(text)
    target = data.draw(changes(before))
    after = patched(text, placed(text, "it"), target)
    assert told(values(after)) == told(target)
    assert patched(text, placed(text, "it"), before) == text


@given(roots, st.data())
@settings(deadline=None)
def test_what_is_added_takes_nothing_away(document: dict[str, Any], data: st.DataObject) -> None:
    """Every line of a text with new members is there still, in its order, but for blanks in lines of nothing else; and
    a block that ended with the text, without a line break, says that it ends so."""
    text = data.draw(by_hand(document))
    target = copy.deepcopy(values(text))
    target["new"] = data.draw(trees)
    after = patched(text, placed(text, "it"), target)
    rest = iter(plain(line) for line in after.splitlines())
    assert all(plain(line) in rest for line in text.splitlines())


def plain(line: str) -> str:
    return re.sub(r"(?<= [|>])[+-]$", "", line) if line.strip() else ""


EXAMPLE = """\
# The API.
openapi: 3.1.0   # as of now

paths:
    # all orders
    "/orders":
        get: {summary: 'Orders', tags: [a, b]}   # short

components:
    schemas:
        Order: &order
            type: object
            required: [id,   # always
                       total]
            properties:
                id: {type: integer}
                # in cents
                total: {type: integer}

        Copy: *order
x-end:
- 1
- two   # 2
"""


def test_what_is_new_stands_where_it_belongs() -> None:
    target = values(EXAMPLE)
    order = copy.deepcopy(target["components"]["schemas"]["Order"])
    target["components"]["schemas"]["Order"] = order
    target["paths"]["/orders"]["get"]["tags"].append("c")
    target["paths"]["/orders"] = {"get": target["paths"]["/orders"]["get"], "post": {"responses": {}}}
    order["required"].append("note")
    order["properties"] = {"id": {"type": "integer", "format": "int64"}, "note": {"type": ["string", "null"]}} | order[
        "properties"
    ]
    order["properties"]["id"] = {"type": "integer", "format": "int64"}
    target["components"]["schemas"]["Copy"] = values(EXAMPLE)["components"]["schemas"]["Order"]
    target["x-end"] = [1, "two", {"three": 3}]
    assert (
        patched(EXAMPLE, placed(EXAMPLE, "it"), target)
        == """\
# The API.
openapi: 3.1.0   # as of now

paths:
    # all orders
    "/orders":
        get: {summary: 'Orders', tags: [a, b, "c"]}   # short
        post:
          responses: {}

components:
    schemas:
        Order: &order
            type: object
            required: [id,   # always
                       total, "note"]
            properties:
                id: {type: integer, "format": "int64"}
                note:
                  type:
                    - string
                    - "null"
                # in cents
                total: {type: integer}

        Copy: *order
x-end:
- 1
- two   # 2
- three: 3
"""
    )


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("a:\n", {"a": {"b": 1}}, "a:\n  b: 1\n"),
        ("a:  # none yet\nz: 1", {"a": {"b": 1}, "z": 1}, "a:  # none yet\n  b: 1\nz: 1"),
        ("a: {}\n", {"a": {"b": 1}}, "a:\n  b: 1\n"),
        ("a:\n  b: 1\n", {"a": {}}, "a: {}\n"),
        ("a: 1\nb: 2", {"a": 1, "b": 2, "c": 3}, "a: 1\nb: 2\nc: 3"),
        ("b: 2\n", {"a": 1, "b": 2}, "a: 1\nb: 2\n"),
        ("# top\nb: 2\n", {"a": 1, "b": 2}, "# top\nb: 2\na: 1\n"),
        ("a: |+\n  x\n\n\nc: 1\n", {"a": "x\n\n\n", "b": 2, "c": 1}, "a: |+\n  x\n\n\nb: 2\nc: 1\n"),
        ("a: |\n  x\n\n\nc: 1\n", {"a": "x\n", "b": 2, "c": 1}, "a: |\n  x\nb: 2\n\n\nc: 1\n"),
        ("a: x # c\n", {"a": "one\ntwo\n"}, "a: | # c\n  one\n  two\n"),
        ("a: x # c\n", {"a": "w"}, "a: w # c\n"),
        ("a: [1]\n", {"a": [1, 2]}, "a: [1, 2]\n"),
        ('{"a":1}', {"a": 1, "b": {"c": 2}}, '{"a":1, "b":{"c": 2}}'),
        ('{\n\t"a": 1\n}\n', {"a": 1, "b": {"c": 2}}, '{\n\t"a": 1,\n\t"b": {\n\t\t"c": 2\n\t}\n}\n'),
        ('{\n  "a": {\n    "b": 1\n  }\n}\n', {"a": {}}, '{\n  "a": {}\n}\n'),
        ('{\n  "a": {}\n}\n', {"a": {"b": 1}}, '{\n  "a": {\n    "b": 1\n  }\n}\n'),
        ("- 1\n- 2\n", [2], "- 2\n"),
        ("\ufeffa: 1\n", {"a": 2, "b": 3}, "\ufeffa: 2\nb: 3\n"),
        ("a: 1\r\nb:\r\n  c: 1\r\n", {"a": 1, "b": {"c": 1, "d": [2]}}, "a: 1\r\nb:\r\n  c: 1\r\n  d:\r\n    - 2\r\n"),
        ("m: &m {x: 1}\na:\n  <<: *m\n  y: 2\n", {"m": {"x": 1}, "a": {"x": 1, "y": 2, "z": 3}},
         "m: &m {x: 1}\na:\n  <<: *m\n  y: 2\n  z: 3\n"),
        ("? a\n: 1\n? b\n: 2\n", {"a": 1, "c": 3}, "? a\n: 1\nc: 3\n"),
        ("a:\n- b: 1\n  c: 2\n", {"a": [{"c": 2}]}, "a:\n- c: 2\n"),
    ],
)  # fmt: skip
def test_examples(text: str, target: Any, expected: str) -> None:
    assert patched(text, placed(text, "it"), target) == expected


def test_a_written_document_grows_as_it_would_have_been_written() -> None:
    short = {"paths": {"/a": {"get": {"tags": ["x"]}}}, "x": {"b": 1}}
    long = {
        "paths": {"/a": {"get": {"tags": ["x", "y"]}, "post": {}}, "/b": {"get": {"d": "one\ntwo"}}},
        "x": {"a": 0, "b": 1},
    }
    for form in ("yaml", "json"):
        text = write(short, form)  # type: ignore[arg-type]
        assert patched(text, placed(text, "it"), long) == write(long, form)  # type: ignore[arg-type]
