"""marshmallow's schemas and fields, as apispec reads them: what they say of JSON values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mirror.adapters.notes import joined, of_marshmallow
from mirror.adapters.seen import ANYTHING, Member, Seen, as_choices

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
    names, one = ALL, False
    if isinstance(schema, Narrowed):
        schema, names, one = schema
    if isinstance(schema, Seen):
        return schema
    if hasattr(schema, "_declared_fields"):
        return of_schema(schema, side, names, one)
    if isinstance(schema, type) or not hasattr(schema, "allow_none"):
        return None
    seen = of_field(schema, side, names)
    if seen is None:
        return None
    if seen != ANYTHING:
        seen = seen._replace(notes=joined(seen.notes, of_marshmallow(schema, seen.kinds, side)))
    nullable = schema.allow_none and seen.kinds and seen != ANYTHING
    return seen._replace(kinds=seen.kinds | {"null"}) if nullable else seen


class Names(NamedTuple):
    """Which members are there: ``only`` these (None for all), and none of ``exclude``. Behind a dot stands what holds
    for the members of a member."""

    only: frozenset[str] | None = None
    exclude: frozenset[str] = frozenset()

    def have(self, name: str) -> bool:
        if name in self.exclude:
            return False
        return self.only is None or any(each.partition(".")[0] == name for each in self.only)

    def below(self, name: str) -> Names:
        deeper = [
            frozenset(each.removeprefix(f"{name}.") for each in names if each.startswith(f"{name}."))
            for names in (self.only or (), self.exclude)
        ]
        return Names(deeper[0] or None, deeper[1])

    def also(self, only: Any, exclude: Any) -> Names:
        """Those of them that other words leave as well."""
        narrower = self.only if only is None else frozenset(only) & (self.only or frozenset(only))
        return Names(narrower, self.exclude | frozenset(exclude or ()))


ALL = Names()


class Narrowed(NamedTuple):
    """A schema or a field that has fewer members where it stands; ``one`` of those that a schema for many is of."""

    model: Any
    names: Names
    one: bool = False


def of_schema(schema: Any, side: str, names: Names, one: bool = False) -> Seen:
    if getattr(schema, "many", False) is True and not one:
        return Seen(frozenset({"array"}), members=(Member("*", Narrowed(schema, names, one=True)),))
    owner = schema if isinstance(schema, type) else type(schema)
    members = list(members_of(schema, side, names))
    if getattr(getattr(owner, "opts", None), "unknown", None) == "include":
        members.append(Member("*", None))
    return Seen(frozenset({"object"}), called(owner), members=tuple(members))


def members_of(schema: Any, side: str, names: Names) -> Iterator[Member]:
    # Of an instance those that it has been given (``only``, ``exclude``); of a class those that its options leave.
    fields = getattr(schema, "load_fields" if side == "request" else "dump_fields", None)
    options = schema
    if not isinstance(fields, Mapping):
        options = getattr(schema, "opts", None)
        fields = schema._declared_fields
        told = getattr(options, "fields", ()) or (*fields, *getattr(options, "additional", ()))
        fields = {name: fields.get(name) for name in told}
        names = names.also(None, getattr(options, "exclude", ()))
    names = names.also(None, getattr(options, "dump_only" if side == "request" else "load_only", ()))
    partial = getattr(schema, "partial", None)
    for name, field in fields.items():
        if not names.have(name):
            continue
        if field is None:  # marshmallow makes a field when it sees a value
            yield Member(name, None, "optional")
            continue
        if (field.dump_only and side == "request") or (field.load_only and side == "response"):
            continue
        required = field.required and partial is not True and name not in (partial or ())
        yield Member(field.data_key or name, Narrowed(field, names.below(name)), "required" if required else "optional")


def of_field(field: Any, side: str, names: Names = ALL) -> Seen | None:
    nested = getattr(field, "nested", None)
    if nested is not None:
        if not hasattr(nested, "_declared_fields") or getattr(field, "field_name", None):  # a name, or a plucked field
            return None
        names = names.also(field.only, field.exclude)
        if field.many:
            return Seen(frozenset({"array"}), members=(Member("*", Narrowed(nested, names, one=True)),))
        return of_schema(nested, side, names)
    kinds = [base.__name__ for base in type(field).__mro__]
    if kinds[0] in ("Raw", "Field"):  # what is made of them reads something else
        return ANYTHING
    if "List" in kinds:
        return Seen(frozenset({"array"}), members=(Member("*", Narrowed(field.inner, names)),))
    if "Mapping" in kinds:
        inner = getattr(field, "value_field", None)
        return Seen(frozenset({"map"}), members=(Member("*", ANYTHING if inner is None else Narrowed(inner, names)),))
    if "Enum" in kinds:
        return of_enum(field, side)
    found = next((FIELDS[kind] for kind in kinds if kind in FIELDS), None)
    if found is None or (found.format in ("date-time", "date") and field.format not in ISO):
        return None
    # It is read from both; Flask writes it as a text, whether the field does (``as_string``) or not.
    if "Decimal" in kinds:
        return Seen(frozenset({"number", "string"} if side == "request" else {"string"}))
    written = getattr(field, "metadata", {}).get("format")
    if isinstance(written, str) and "string" in found.kinds:
        found = found._replace(format=written)
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
