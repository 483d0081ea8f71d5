"""What a framework calls the objects in an operation's bodies: the models of FastAPI (Pydantic, dataclasses, typed
dicts) and the schemas of marshmallow (flask-smorest, APIFlask).

Read by attribute; nothing is made of them. A place that may hold one of several models has no name.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mirror.exchange import ModelName

DEEPEST = 8
MOST = 200
"""Names for one body: models that hold models that hold models."""

Inner = Iterator[tuple[str, Any]]


def fastapi_models(route: Any) -> tuple[ModelName, ...]:
    """Of a path operation of FastAPI's."""
    found: list[ModelName] = []
    sent = getattr(getattr(getattr(route, "body_field", None), "field_info", None), "annotation", None)
    found += named("request", sent, annotated)
    answered = {getattr(route, "status_code", None) or 200: getattr(route, "response_model", None)}
    responses = getattr(route, "responses", None)
    for status, response in responses.items() if isinstance(responses, dict) else ():
        if isinstance(response, dict):
            answered.setdefault(status, response.get("model"))
    for status, model in answered.items():
        found += named(str(int(status) if isinstance(status, int) else status), model, annotated)
    return tuple(found)


def flask_models(view: Any, method: str) -> tuple[ModelName, ...]:
    """Of a view of Flask's that one of the extensions has decorated."""
    function = getattr(getattr(view, "view_class", None), method.lower(), view)
    found: list[ModelName] = []
    smorest = getattr(function, "_apidoc", None)
    if isinstance(smorest, dict):
        for argument in smorest.get("arguments", {}).get("parameters", ()):
            if argument.get("in") in ("json", "form"):
                found += named("request", argument.get("schema"), schemas)
        for status, told in smorest.get("response", {}).get("responses", {}).items():
            several = told if isinstance(told, list) else [told]
            if len(several) == 1:  # of two with one status, nobody knows which is which
                found += named(str(int(status)), several[0].get("schema"), schemas)
    apiflask = getattr(function, "_spec", None)
    if isinstance(apiflask, dict):
        found += named("request", apiflask.get("body"), schemas)
        response = apiflask.get("response")
        if isinstance(response, dict):
            found += named(str(response.get("status_code", 200)), response.get("schema"), schemas)
    return tuple(found)


def named(body: str, model: Any, look: Callable[[Any], tuple[str, Inner] | None]) -> list[ModelName]:
    """The names at all places of a body. ``look`` says of a model its name (empty for a list or a map), and the places
    and models in it; None where it is no model."""
    found: dict[str, set[str]] = {}

    def walk(model: Any, steps: tuple[str, ...], above: tuple[str, ...]) -> None:
        seen = look(model)
        if seen is None or len(steps) > DEEPEST or len(found) >= MOST:
            return
        name, inner = seen
        if name:
            found.setdefault("/".join(steps), set()).add(name)
            if name in above:  # a tree: below, it is what it is above
                return
            above = (*above, name)
        for step, each in inner:
            walk(each, (*steps, step) if step else steps, above)

    try:
        walk(model, (), ())
    except Exception:  # somebody's own kind of model: then its name is made of the path
        return []
    return [ModelName(body, place, names.pop()) for place, names in found.items() if len(names) == 1]


# Annotations ----------------------------------------------------------------------------------------------------------


def annotated(annotation: Any) -> tuple[str, Inner] | None:
    """A type as FastAPI reads it."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return annotated(arguments[0])
    if origin in (typing.Union, types.UnionType):
        return "", iter([("", each) for each in arguments])
    if isinstance(origin, type):
        return inside(origin, arguments)
    if not isinstance(annotation, type):
        return None
    fields = getattr(annotation, "model_fields", None)
    if isinstance(fields, dict):  # Pydantic's
        if "root" in fields and any(base.__name__ == "RootModel" for base in annotation.__mro__):
            return "", iter([("", fields["root"].annotation)])
        # FastAPI makes one of several parameters, and gives it a name that nobody has chosen.
        name = "" if annotation.__name__.startswith("Body_") else annotation.__name__
        return name, iter([(alias(field) or key, field.annotation) for key, field in fields.items()])
    if dataclasses.is_dataclass(annotation) or typing.is_typeddict(annotation):
        return annotation.__name__, iter(typing.get_type_hints(annotation).items())
    return None


def inside(origin: type, arguments: tuple[Any, ...]) -> tuple[str, Inner] | None:
    """What is in a list, a tuple of one kind, or a map."""
    if issubclass(origin, Mapping) and len(arguments) == 2:
        return "", iter([("*", arguments[1])])
    if issubclass(origin, tuple) and arguments[1:] != (...,):
        return None
    return "", iter([("*", arguments[0])])


def alias(field: Any) -> str | None:
    """What a field is called in JSON, both ways; a name for one way alone says nothing of the other."""
    found = getattr(field, "serialization_alias", None) or getattr(field, "alias", None)
    return found if isinstance(found, str) else None


# marshmallow ----------------------------------------------------------------------------------------------------------


def schemas(schema: Any) -> tuple[str, Inner] | None:
    """A schema of marshmallow's or a field of one, as apispec names it: without ``Schema`` at its end."""
    if hasattr(schema, "_declared_fields"):
        if getattr(schema, "many", False) is True:
            return "", iter([("*", type(schema))])
        owner = schema if isinstance(schema, type) else type(schema)
        return called(owner), iter([(each.data_key or name, each) for name, each in schema._declared_fields.items()])
    if isinstance(schema, type):
        return None
    nested = getattr(schema, "nested", None)
    if hasattr(nested, "_declared_fields"):
        return "", iter([("*" if schema.many else "", nested)])
    inner = getattr(schema, "inner", None) or getattr(schema, "value_field", None)  # List, Dict
    return None if inner is None else ("", iter([("*", inner)]))


def called(schema: type) -> str:
    name = schema.__name__
    return "" if name == "GeneratedSchema" else name.removesuffix("Schema") or name
