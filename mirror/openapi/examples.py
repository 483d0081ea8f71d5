"""Examples: bodies as tests sent or got them, as their schemas have them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from mirror.openapi.evidence import Content
from mirror.openapi.naming import free, snake
from mirror.redact.blanks import is_marked

Document = dict[str, Any]


def examples(content: Content, schema: Document) -> Iterator[tuple[str, Document]]:
    """The examples of a body of a schema, named after the tests that made them. What is no JSON (``NaN``) would stand
    as a text where the schema has something else, and is none."""
    taken: set[str] = set()
    for each in content.examples:
        if content.family == "json" and schema and not is_json(each.text):
            continue
        name = snake(re.sub(r"\[.*", "", each.test.rpartition("::")[2])).removeprefix("test_") or "example"
        name = free(name, taken)
        taken.add(name)
        yield name, {"value": shown(each.text, content, schema)}


def shown(text: str, content: Content, schema: Document) -> Any:
    """The example as its schema has it: a form as the object that it stands for."""
    if content.family == "json":
        return as_json(text)
    if content.family not in ("form", "multipart"):
        return text
    fields: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        fields.setdefault(name, []).append(value)
    properties = schema.get("properties", {})
    made = {name: field(values, properties.get(name, {})) for name, values in fields.items()}
    # Files are not kept; of one that is always there an example says at least that.
    return made | {
        name: f"({min(content.files[name].types, default='file')})"
        for name in schema.get("required", ())
        if name not in made and name in content.files
    }


def placeholders(content: Content) -> dict[str, set[str]]:
    """What examples of JSON bodies show in the place of secrets, by the names of the members; ``""`` outside of any."""
    found: dict[str, set[str]] = {}
    left = [("", as_json(each.text)) for each in content.examples if content.family == "json" and is_marked(each.text)]
    while left:
        name, value = left.pop()
        if isinstance(value, dict):
            left.extend(value.items())
        elif isinstance(value, list):
            left.extend((name, each) for each in value)
        elif isinstance(value, str) and is_marked(value):
            found.setdefault(name, set()).add(value)
    return found


def field(values: list[str], schema: Document) -> Any:
    """The value of a field of a form, which is all text, as its schema has it."""
    if schema.get("type") == "array":
        return [field([value], schema.get("items", {})) for value in values]
    if len(values) > 1:
        return values
    kind = schema.get("type")
    if kind in ("integer", "number", "boolean"):
        value = as_json(values[0].lower() if kind == "boolean" else values[0])
        return values[0] if isinstance(value, dict | list) else value
    return values[0]


def is_json(text: str) -> bool:
    try:
        msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        return False
    return True


def as_json(text: str) -> Any:
    """The value of a JSON text; the text itself where it is none."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        return text
