"""Documents as text: what is written is read again, by whoever reads it, and looks as people would write it."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given, settings, strategies as st
from ruamel.yaml import YAML

from mirror.errors import DocumentError
from mirror.openapi.placed import Values
from mirror.openapi.reading import placed, read
from mirror.openapi.writing import Form, write

MISREAD = """on off yes no y n true false null ~ 1e3 1e+16 .5 5. 0x1F 0o17 017 1_000 1:30 190:20:30 2024-01-01
2024-01-01T10:00:00Z 3.1.0 .inf -.Inf .nan = << - ? : # @at `tick %dir *star &and !bang |pipe >gt 200 4XX default - ---
... {a [b ]c }d ,e 'q "q NULL 0b11 +1 -1 12e03 0.1e-5 1.5 Yes ON None a:b http://x :a a: on:off""".split()

texts = (
    st.text(max_size=30)
    | st.sampled_from(MISREAD)
    | st.lists(
        st.sampled_from(
            [
                "a",
                " ",
                "\n",
                "#",
                ": ",
                "- ",
                "word",
                "\t",
                "\r",
                "\x85",
                "\u2028",
                "é",
                "😀",
                "\ud800",
                "\x00",
                "|",
                "\\",
            ]
        ),
        max_size=12,
    ).map("".join)
    | st.lists(st.sampled_from(["several", "words", "#", "-", "in: it", "a"]), min_size=20, max_size=60).map(" ".join)
)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts
documents = st.dictionaries(
    texts,
    st.recursive(
        scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=12
    ),
    max_size=5,
)


def values(text: str) -> Any:
    return Values().of(placed(text, "it"))


def told(value: Any) -> str:
    """A value as text, in which no two different ones are alike."""
    return repr(value)


@given(documents)
def test_yaml_is_read_again(document: dict[str, Any]) -> None:
    assert told(values(write(document, "yaml"))) == told(document)


@given(documents)
def test_readers_of_yaml_1_1_and_1_2_find_the_same(document: dict[str, Any]) -> None:
    text = write(document, "yaml")
    assert told(yaml.safe_load(text)) == told(document)
    assert told(YAML(typ="safe", pure=True).load(text)) == told(document)


@given(documents)
def test_json_is_read_again(document: dict[str, Any]) -> None:
    text = write(document, "json")
    text.encode()
    assert told(values(text)) == told(json.loads(text))


@given(st.dictionaries(st.text(min_size=900, max_size=1200), st.text(), min_size=1, max_size=2))
@settings(max_examples=10)
def test_long_keys(document: dict[str, Any]) -> None:
    assert yaml.safe_load(write(document, "yaml")) == document


def test_it_looks_as_people_write_it() -> None:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Orders: all of them", "version": "1.0", "description": "First.\n\nSecond.\n"},
        "paths": {
            "/orders/{order_id}": {
                "get": {
                    "summary": "One order",
                    "description": "word " * 30 + "end",
                    "tags": [],
                    "parameters": [{"name": "order_id", "in": "path", "required": True}],
                    "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/x"}}}}},
                }
            }
        },
        "x-words": ["no", "2024-01-01", "1e3", "an order", ""],
    }
    assert (
        write(document, "yaml")
        == f"""\
openapi: 3.1.0
info:
  title: "Orders: all of them"
  version: "1.0"
  description: |
    First.

    Second.
paths:
  /orders/{{order_id}}:
    get:
      summary: One order
      description: >-
        {("word " * 20).strip()}
        {"word " * 10}end
      tags: []
      parameters:
        - name: order_id
          in: path
          required: true
      responses:
        "200":
          content:
            application/json:
              schema:
                $ref: "#/x"
x-words:
  - "no"
  - "2024-01-01"
  - "1e3"
  - an order
  - ""
"""
    )


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_what_cannot_be_written_is_said(form: Form) -> None:
    with pytest.raises(DocumentError):
        write({"a": object()}, form)
    deep: Any = 1
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(DocumentError, match="too deeply"):
        write({"a": deep}, form)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "api.yaml is empty"),
        ("# nothing\n", "api.yaml is empty"),
        ("openapi: [", "api.yaml, line 1, column 11: this is no YAML"),
        ("openapi: 3.1.0\npaths:\n\t/x: {}\n", "api.yaml, line 3, column 1: this is no YAML"),
        ("openapi: 3.1.0\ninfo: {}\ninfo: {}\n", "api.yaml, line 3: 'info' stands there twice"),
        ("openapi: *version\n", "api.yaml, line 1: nothing is called &version"),
        ("openapi: 3.1.0\n---\nopenapi: 3.1.0\n", "api.yaml, line 2: a second document begins"),
        ("openapi: 3.1.0\n[a]: b\n", "api.yaml, line 2: a key that is no string"),
        ("openapi: 3.1.0\nx: \x07\n", "api.yaml, line 2: a character that YAML forbids"),
        ("- openapi\n", "holds no mapping"),
        ("swagger: '2.0'\n", "is Swagger 2.0: convert it"),
        ("info: {}\n", 'has no "openapi"'),
        ("openapi: 4.0.0\n", "is OpenAPI 4.0.0"),
        ("openapi: 3.1.0\npaths: [a]\n", "'paths' is no mapping"),
        ('{"openapi": "3.1.0",\n "paths" {}}', "api.yaml, line 2, column 10: this is no JSON"),
        ('{"openapi": "3.1.0"', "this is no JSON"),
        ('{"openapi": "3.1.0", "a": 1, "a": 2}', "'a' stands there twice"),
        ('{"openapi": "3.1.0"} x', "there is more after"),
        ('{"a": ' + "[" * 100000, "too deeply"),
        ("a: " + "[" * 100000, "too deeply"),
    ],
)
def test_errors_name_the_line_and_the_remedy(text: str, message: str) -> None:
    with pytest.raises(DocumentError) as error:
        read(text, "api.yaml")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@given(st.text(max_size=60) | st.text("{}[],:\"' \n-#&*a1|>", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        placed(text, "it")
    except DocumentError:
        pass


def test_values_are_those_of_yaml_1_2() -> None:
    assert values("{a: no, b: 2024-01-01, c: 0o17, d: 1:30, e: True, f: ~, g: -.inf, h: 1e3, i: !!str 1, j: 0x1f}") == {
        "a": "no", "b": "2024-01-01", "c": 15, "d": "1:30", "e": True, "f": None, "g": float("-inf"),
        "h": 1000.0, "i": "1",
        "j": 31,
    }  # fmt: skip


def test_versions_and_a_byte_order_mark() -> None:
    assert read("\ufeffopenapi: 3.0.3\n", "it")["openapi"] == "3.0.3"
    assert read('\ufeff{"openapi": "3.1.1"}', "it")["openapi"] == "3.1.1"
    assert read("{openapi: 3.1.0}", "it") == {"openapi": "3.1.0"}
    assert read("openapi: 3.1\n", "it")
