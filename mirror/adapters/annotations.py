"""Annotations, as FastAPI and Pydantic read them: what they say of JSON values."""

from __future__ import annotations

import collections.abc
import dataclasses
import datetime
import decimal
import enum
import ipaddress
import pathlib
import types
import typing
import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from mirror.adapters.notes import LENGTHS, STRIPPING, joined, noted, of_field, of_metadata, of_model, plain
from mirror.adapters.seen import ANYTHING, Member, Seen, as_choices, either

# What JSON has in their places. A date and time before the date that it is one of.
SCALARS: dict[type, Seen] = {
    types.NoneType: Seen(frozenset({"null"})),
    bool: Seen(frozenset({"boolean"})),
    int: Seen(frozenset({"integer"})),
    float: Seen(frozenset({"number"})),
    str: Seen(frozenset({"string"})),
    bytes: Seen(frozenset({"string"}), format="binary"),
    datetime.datetime: Seen(frozenset({"string"}), format="date-time"),
    datetime.date: Seen(frozenset({"string"}), format="date"),
    datetime.time: Seen(frozenset({"string"}), format="time"),
    datetime.timedelta: Seen(frozenset({"string"}), format="duration"),
    uuid.UUID: Seen(frozenset({"string"}), format="uuid"),
    ipaddress.IPv4Address: Seen(frozenset({"string"}), format="ipv4"),
    ipaddress.IPv6Address: Seen(frozenset({"string"}), format="ipv6"),
    ipaddress.IPv4Interface: Seen(frozenset({"string"}), format="ipv4interface"),
    ipaddress.IPv6Interface: Seen(frozenset({"string"}), format="ipv6interface"),
    ipaddress.IPv4Network: Seen(frozenset({"string"}), format="ipv4network"),
    ipaddress.IPv6Network: Seen(frozenset({"string"}), format="ipv6network"),
    pathlib.Path: Seen(frozenset({"string"}), format="path"),
}
# Types that are known by their names, without importing who has them.
NAMED = {
    "pydantic.networks.EmailStr": Seen(frozenset({"string"}), format="email"),
    "pydantic.networks._BaseUrl": Seen(frozenset({"string"}), format="uri"),
    "pydantic.networks._BaseMultiHostUrl": Seen(frozenset({"string"}), format="uri"),
    "pydantic.networks.IPvAnyAddress": Seen(frozenset({"string"}), format="ipvanyaddress"),
    "pydantic.networks.IPvAnyInterface": Seen(frozenset({"string"}), format="ipvanyinterface"),
    "pydantic.networks.IPvAnyNetwork": Seen(frozenset({"string"}), format="ipvanynetwork"),
    "pydantic.types.SecretStr": Seen(frozenset({"string"}), format="password"),
    "pydantic.types.NaiveDatetime": Seen(frozenset({"string"}), format="date-time"),
    "pydantic.types.AwareDatetime": Seen(frozenset({"string"}), format="date-time"),
    "pydantic.types.PastDatetime": Seen(frozenset({"string"}), format="date-time"),
    "pydantic.types.FutureDatetime": Seen(frozenset({"string"}), format="date-time"),
    "pydantic.types.PastDate": Seen(frozenset({"string"}), format="date"),
    "pydantic.types.FutureDate": Seen(frozenset({"string"}), format="date"),
    "fastapi.datastructures.UploadFile": Seen(frozenset({"string"}), format="binary"),
}
# What makes something else of a value than its type says: Pydantic's own, in Annotated.
ALTERING = frozenset(
    "PlainSerializer WrapSerializer PlainValidator BeforeValidator WrapValidator Json WithJsonSchema".split()
)
BY_NAME = "response by name"
"""A response whose members are called as in the model, whatever their aliases."""
LISTS = (list, set, frozenset, tuple)
MAPS = (dict, Mapping, collections.abc.MutableMapping)
UNSAID = object()
"""In the place of an annotation: nobody knows what stands there."""
ALIASES = getattr(typing, "TypeAliasType", ())  # type X = ..., since Python 3.12


class Narrowed(typing.NamedTuple):
    """A model that has fewer members where it stands: ``only`` these of its fields (all, if empty), none of
    ``exclude``."""

    model: type
    only: Collection[str]
    exclude: Collection[str]


def annotated(annotation: Any, side: str) -> Seen | None:
    """A type as FastAPI reads it on one side (``request``, ``response`` or BY_NAME)."""
    if isinstance(annotation, ALIASES):
        return annotated(annotation.__value__, side)
    if isinstance(annotation, Narrowed):
        return narrowed(annotation, side)
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        if any(getattr(each, "__name__", type(each).__name__) in ALTERING for each in arguments[1:]):
            return None
        found = encoded(arguments[1:]) or annotated(arguments[0], side)
        if found is None or found == ANYTHING:
            return found
        return found._replace(notes=joined(found.notes, of_metadata(arguments[1:], found.kinds, found.format)))
    if origin in (typing.Union, types.UnionType):
        found = tagged(arguments, side) or untold(arguments, side)
        return found or either([annotated(each, side) for each in arguments])
    if origin is typing.Literal:
        return chosen(arguments)
    if annotation is Any or annotation is object:
        return ANYTHING
    if annotation is None:
        return SCALARS[types.NoneType]
    if isinstance(origin, type):
        return inside(origin, arguments)
    return of_type(annotation, side) if isinstance(annotation, type) else None


def of_type(kind: type, side: str) -> Seen | None:
    if is_altered(kind, side):
        return None if is_root(kind) else Seen(name=kind.__name__)
    members = fields_of(kind, side)
    if members is not None:
        if is_root(kind):
            return annotated(members[0].model, side)
        if getattr(kind, "model_config", {}).get("extra") == "allow":
            members = (*members, Member("*", UNSAID))
        # FastAPI makes one of several parameters, and gives it a name that nobody has chosen.
        name = "" if kind.__name__.startswith("Body_") else kind.__name__
        return Seen(frozenset({"object"}), name, members=members, notes=of_model(kind))
    if issubclass(kind, enum.Enum):
        return chosen(tuple(each.value for each in kind))
    if kind is decimal.Decimal:
        return Seen(frozenset({"number", "string"} if side == "request" else {"string"}))
    if kind in MAPS or kind in LISTS:
        return inside(kind, (Any, ...) if kind is tuple else ())
    for base in kind.__mro__[:-1]:
        found = SCALARS.get(base) or NAMED.get(f"{base.__module__}.{base.__qualname__}")
        if found is not None:
            return found
    return None


def narrowed(part: Narrowed, side: str) -> Seen | None:
    seen = annotated(part.model, side)
    if seen is None:
        return None
    # The fields have other names in the model than in JSON, and stand in the same order.
    fields = zip(fields_of(part.model, BY_NAME) or (), fields_of(part.model, side) or (), strict=True)
    kept = {
        there.name
        for here, there in fields
        if here.name not in part.exclude and here.name in (part.only or (here.name,))
    }
    return seen._replace(members=tuple(each for each in seen.members if each.name in kept))


def encoded(metadata: Iterable[Any]) -> Seen | None:
    """Bytes that are written as text by Pydantic's encoders."""
    if any(type(each).__name__ == "EncodedBytes" for each in metadata):
        return Seen(frozenset({"string"}), format="base64")
    return None


def chosen(values: tuple[Any, ...]) -> Seen | None:
    """One of these values."""
    kinds = [SCALARS[type(each)].kinds for each in values if type(each) in SCALARS]
    if not values or len(kinds) < len(values):
        return None
    return Seen(frozenset().union(*kinds), choices=as_choices(values))


def tagged(annotations: tuple[Any, ...], side: str) -> Seen | None:
    """One of several models that a field of theirs tells apart: it has other words in each. None where none does."""
    models = [each for each in annotations if each is not types.NoneType]
    fields = [{member.name: member.model for member in fields_of(each, side) or ()} for each in models]
    if len(models) < 2:
        return None
    for name in fields[0]:
        words = [typing.get_args(each.get(name)) if is_literal(each.get(name)) else () for each in fields]
        every = [word for each in words for word in each]
        if all(words) and len(set(every)) == len(every) and all(isinstance(word, str) for word in every):
            members = [
                Member(f"={name}={'|'.join(sorted(each))}", model) for each, model in zip(words, models, strict=True)
            ]
            kinds = {"object"} | ({"null"} if len(models) < len(annotations) else set())
            return Seen(frozenset(kinds), members=tuple(members))
    return None


def untold(annotations: tuple[Any, ...], side: str) -> Seen | None:
    """One of several models that only their members tell apart, or something simple. None where it is neither."""
    models = {each: bare(each) for each in annotations}
    models = {each: model for each, model in models.items() if is_model(model) and not is_altered(model, side)}
    rest = [annotated(each, side) for each in annotations if each not in models]
    beside = either(rest) if rest else Seen()
    names = {model.__name__ for model in models.values()}
    if len(models) < 2 or len(names) < len(models) or any(set("=|/") & set(name) for name in names):
        return None
    if beside is None or beside.members or bool(rest) != bool(beside.kinds) or beside.kinds & {"object", "anything"}:
        return None
    members = tuple(Member(f"=={model.__name__}", each) for each, model in models.items())
    return beside._replace(kinds=beside.kinds | {"object"}, members=members)


def bare(annotation: Any) -> Any:
    """A type without what is said of it."""
    return typing.get_args(annotation)[0] if typing.get_origin(annotation) is typing.Annotated else annotation


def is_literal(annotation: Any) -> bool:
    return typing.get_origin(annotation) is typing.Literal


def inside(origin: type, arguments: tuple[Any, ...]) -> Seen | None:
    """What is in a list, a tuple, or a map."""
    if fields_of(origin, "request") is not None:  # a generic model that Pydantic has not made
        return None
    if issubclass(origin, Mapping) and (len(arguments) == 2 or (origin in MAPS and not arguments)):
        return Seen(frozenset({"map"}), members=(Member("*", arguments[1] if arguments else Any),))
    if issubclass(origin, LISTS) or (issubclass(origin, Collection) and not issubclass(origin, Mapping)):
        if issubclass(origin, tuple) and arguments[1:] != (...,):
            return Seen(frozenset({"array"}), members=tuple(Member(str(at), each) for at, each in enumerate(arguments)))
        return Seen(frozenset({"array"}), members=(Member("*", arguments[0] if arguments else Any),))
    return None


# Models ---------------------------------------------------------------------------------------------------------------


def fields_of(kind: Any, side: str) -> tuple[Member, ...] | None:
    """The fields of a model, as JSON has them; None where it is none. Of one that is altered none are known."""
    if not isinstance(kind, type):
        return None
    if is_altered(kind, side):
        return ()
    fields = getattr(kind, "model_fields", None)
    if isinstance(fields, dict):
        return tuple(pydantic_fields(kind, fields, side))
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind, include_extras=True)
        return tuple(
            Member(
                each.name,
                hints[each.name],
                "required" if is_required(each) else "optional",
                noted(default=plain(each.default)),
            )
            for each in dataclasses.fields(kind)
        )
    required = getattr(kind, "__required_keys__", None)
    if required is not None and issubclass(kind, dict):  # a typed dict, also of typing_extensions
        return tuple(
            Member(name, unqualified(hint), "required" if name in required else "optional")
            for name, hint in typing.get_type_hints(kind, include_extras=True).items()
        )
    return None


def unqualified(hint: Any) -> Any:
    """The type of a typed dict's member, without what is said of the member (``NotRequired[int]``)."""
    while str(typing.get_origin(hint)).rpartition(".")[2] in ("Required", "NotRequired", "ReadOnly"):
        (hint,) = typing.get_args(hint)
    return hint


def pydantic_fields(kind: type, fields: Mapping[str, Any], side: str) -> Iterable[Member]:
    altered = altered_by(kind, side)
    config = getattr(kind, "model_config", {})
    is_strict = not any(config.get(f"str_{each}") for each in STRIPPING)
    for name, field in fields.items():
        called = alias(field, name, side)
        if called is None or (side != "request" and field.exclude):
            continue
        told = UNSAID if name in altered or "*" in altered else type_of(field, is_strict)
        yield Member(called, told, "required" if field.is_required() else "optional", of_field(field))
    if side != "request":
        for name, field in getattr(kind, "model_computed_fields", {}).items():
            yield Member(alias(field, name, side) or name, field.return_type, "required")


def type_of(field: Any, is_strict: bool = True) -> Any:
    """The type of a field. What Pydantic has taken out of Annotated it keeps beside it; of texts that it changes first
    (not ``is_strict``) it says little."""
    metadata = tuple(getattr(field, "metadata", ()))
    if not is_strict:
        metadata = tuple(each for each in metadata if not any(hasattr(each, name) for name in (*LENGTHS, "pattern")))
    return typing.Annotated[(field.annotation, *metadata)] if metadata else field.annotation


def altered_by(kind: type, side: str) -> frozenset[str]:
    """The fields of which a method of the model makes something else."""
    decorators = getattr(kind, "__pydantic_decorators__", None)
    found = getattr(decorators, "field_validators" if side == "request" else "field_serializers", {})
    late = {"after"} if side == "request" else set()
    return frozenset(
        name for each in found.values() if getattr(each.info, "mode", "") not in late for name in each.info.fields
    )


def is_altered(kind: type, side: str) -> bool:
    """Whether a method of the model makes something else of the whole: nobody knows which members there are then."""
    decorators = getattr(kind, "__pydantic_decorators__", None)
    if side != "request":
        return bool(getattr(decorators, "model_serializers", None))
    validators = getattr(decorators, "model_validators", {})
    return any(each.info.mode != "after" for each in validators.values())


def is_required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def is_model(kind: Any) -> bool:
    """Whether it has fields, and is no other type under a name."""
    return fields_of(kind, BY_NAME) is not None and not is_root(kind)


def is_root(kind: type) -> bool:
    return any(base.__name__ == "RootModel" for base in kind.__mro__)


def alias(field: Any, name: str, side: str) -> str | None:
    """What a field is called in JSON; None where it is somewhere else."""
    if side == BY_NAME:
        return name
    own = getattr(field, "validation_alias" if side == "request" else "serialization_alias", None)
    found = own if own is not None else getattr(field, "alias", None)
    if found is None:
        return name
    if choices := getattr(found, "choices", None):  # AliasChoices
        found = choices[0]
    return found if isinstance(found, str) else None
