"""Accident: ``String(metadata={"format": "byte"})`` was text of no format, whatever it looked like."""

from __future__ import annotations

import pytest
from marshmallow import fields, validate

from mirror.adapters.schemas import schemas
from mirror.adapters.seen import Seen

TEXT = frozenset({"string"})


@pytest.mark.parametrize(
    ("field", "seen"),
    [
        (fields.String(metadata={"format": "byte"}), Seen(TEXT, format="byte")),
        (fields.Email(metadata={"format": "idn-email"}), Seen(TEXT, format="idn-email")),
        (fields.String(metadata={"format": "binary"}, allow_none=True), Seen(TEXT | {"null"}, format="binary")),
        (fields.String(metadata={"format": 5}), Seen(TEXT)),
        (fields.Integer(metadata={"format": "int64"}), Seen(frozenset({"integer"}))),
        (
            fields.String(metadata={"format": "x"}, validate=validate.OneOf(["a"])),
            Seen(TEXT, format="x", choices=("a",)),
        ),
    ],
    ids="byte idn-email binary number int64 choice".split(),
)
def test_what_is_said_beside_a_field_is_read(field: fields.Field, seen: Seen) -> None:
    assert schemas(field, "response") == seen
