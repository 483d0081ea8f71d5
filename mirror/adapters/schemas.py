"""marshmallow's schemas and fields, as apispec reads them: what they say of JSON values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mirror.adapters.seen import Member, Seen, as_choices

# By the names of marshmallow's fields, and of those that are made of them. An e-mail is a string, and comes first.
FIELDS: dict[str, Seen] = {
    "Integer": Seen(frozenset({"integer"})),
    "Number": Seen(frozenset({"number"})),
    "String": Seen(frozenset({"string"})),
    "Boolean": Seen(frozenset({"boolean"})),
    "UUID": Seen(frozenset({"string"}), format="uuid"),
    "DateTime": Seen(frozenset({"string"}), format="date-time"),
    "Date": Seen(frozenset({"string"}), format="date"),
    "Time": Seen(frozenset({"string"})),
    "Email": Seen(frozenset({"string"}), format="email"),
    "Url": Seen(frozenset({"string"}), format="url"),
    "IPv4": Seen(frozenset({"string"}), format="ipv4"),
    "IPv6": Seen(frozenset({"string"}), format="ipv6"),
    "File": Seen(frozenset({"string"}), format="binary"),  # flask-smorest's Upload is made of String
    "Upload": Seen(frozenset({"string"}), format="binary"),
}
ISO = (None, "iso", "iso8601")


def schemas(schema: Any, side: str) -> Seen | None:
    """A schema of marshmallow's or a field of one, on one side (``request`` or ``response``)."""
    if isinstance(schema, One):
        return objects(schema.schema, side)
    if hasattr(schema, "_declared_fields"):
        return of_schema(schema, side)
    if isinstance(schema, type) or not hasattr(schema, "allow_none"):
        return None
    seen = of_field(schema, side)
    if seen is None:
        return None
    return seen._replace(kinds=seen.kinds | {"null"}) if schema.allow_none and seen.kinds else seen


def of_schema(schema: Any, side: str) -> Seen:
    if getattr(schema, "many", False) is True:
        return Seen(frozenset({"array"}), members=(Member("*", One(schema)),))
    return objects(schema, side)


class One(NamedTuple):
    """One of those that a schema for many is of: it may have been given fewer fields than its class has."""

    schema: Any


def objects(schema: Any, side: str) -> Seen:
    owner = schema if isinstance(schema, type) else type(schema)
    members = list(members_of(schema, side))
    if getattr(getattr(owner, "opts", None), "unknown", None) == "include":
        members.append(Member("*", None))
    return Seen(frozenset({"object"}), called(owner), members=tuple(members))


def members_of(schema: Any, side: str) -> Iterator[Member]:
    # Of an instance those that it has been given (``only``, ``exclude``); of a class all.
    fields = getattr(schema, "load_fields" if side == "request" else "dump_fields", None)
    partial = getattr(schema, "partial", None)
    for name, field in (fields if isinstance(fields, Mapping) else schema._declared_fields).items():
        if (field.dump_only and side == "request") or (field.load_only and side == "response"):
            continue
        required = field.required and partial is not True and name not in (partial or ())
        yield Member(field.data_key or name, field, "required" if required else "optional")


def of_field(field: Any, side: str) -> Seen | None:
    nested = getattr(field, "nested", None)
    if nested is not None:
        if not hasattr(nested, "_declared_fields") or getattr(field, "field_name", None):  # a name, or a plucked field
            return None
        return Seen(frozenset({"array"}), members=(Member("*", nested),)) if field.many else of_schema(nested, side)
    names = [base.__name__ for base in type(field).__mro__]
    if "List" in names:
        return Seen(frozenset({"array"}), members=(Member("*", field.inner),))
    if "Mapping" in names:
        inner = getattr(field, "value_field", None)
        return None if inner is None else Seen(frozenset({"map"}), members=(Member("*", inner),))
    if "Enum" in names:
        return of_enum(field, side)
    found = next((FIELDS[name] for name in names if name in FIELDS), None)
    if found is None or (found.format in ("date-time", "date") and field.format not in ISO):
        return None
    if "Decimal" in names and getattr(field, "as_string", False):
        return Seen(frozenset({"string"}))
    chosen = choices(field)
    return found._replace(choices=chosen) if chosen and found.kinds & {"string", "integer"} else found


def of_enum(field: Any, side: str) -> Seen | None:
    if field.by_value is False:
        return Seen(frozenset({"string"}), choices=tuple(each.name for each in field.enum))
    inner = of_field(field.field, side) if field.by_value is not True else None
    values = tuple(each.value for each in field.enum)
    if all(isinstance(each, str) for each in values):
        return Seen(frozenset({"string"}), choices=values)
    return inner and inner._replace(choices=as_choices(values))


def choices(field: Any) -> tuple[str, ...]:
    """What a validator asks for one of."""
    for each in getattr(field, "validators", ()):
        if type(each).__name__ == "OneOf":
            return as_choices(each.choices)
    return ()


def called(schema: type) -> str:
    """The name of a schema, as apispec has it: without ``Schema`` at its end."""
    name = schema.__name__
    return "" if name == "GeneratedSchema" else name.removesuffix("Schema") or name
