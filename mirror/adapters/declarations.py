"""What a framework's models declare of an operation: FastAPI's parameters and bodies (Pydantic, dataclasses, typed
dicts), and the schemas of marshmallow that flask-smorest and APIFlask are given.

Read by attribute; nothing is made of them. How a model is read is said in mirror.adapters.annotations and
mirror.adapters.schemas: each is a function that looks at one and gives what it says of the values at its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, Literal, NamedTuple, TypeVar

from mirror.adapters.annotations import BY_NAME, Narrowed, alias, annotated, fields_of, is_model, type_of
from mirror.adapters.notes import Notes, joined, of_field
from mirror.adapters.routes import function_of
from mirror.adapters.schemas import schemas
from mirror.adapters.seen import ANYTHING, Seen
from mirror.exchange import Declaration

DEEPEST = 8
MOST = 500
"""Places in one body; of a body with more nothing is known but the name of its model."""

Given = TypeVar("Given")
Presence = Literal["", "required", "optional"]
Look = Callable[[Any, str], Seen | None]
"""Looks at a model, which stands in a ``request`` or a ``response``; None where it says nothing of the values."""


class Part(NamedTuple):
    """A model and what it is about (see Declaration). ``sparse``: of objects, members that are null are left out;
    ``by_name``: they have no aliases."""

    part: str
    model: Any
    name: str = ""
    presence: Presence = ""
    sparse: bool = False
    by_name: bool = False
    notes: Notes = ()


def declared(parts: Iterable[Part], look: Look) -> tuple[Declaration, ...]:
    """What models declare, at all places in them."""
    found: dict[tuple[str, str], Declaration] = {}
    for part in tried(parts):
        every = tried(islice(walk(part, look), MOST + 1))
        for each in every if len(every) <= MOST else every[:1]:
            found.setdefault((each.part, each.pointer), each)
    return tuple(found.values())


def tried(given: Iterable[Given]) -> list[Given]:
    """All that is given; nothing where it raises: somebody's own kind of model need not be like others."""
    try:
        return list(given)
    except Exception:
        return []


def walk(part: Part, look: Look) -> Iterator[Declaration]:
    side = BY_NAME if part.by_name else "response" if part.part.isdigit() else "request"

    def at(
        model: Any, steps: tuple[str, ...], above: tuple[Seen, ...], presence: Presence, said: Notes
    ) -> Iterator[Declaration]:
        seen = look(model, side) or Seen()
        if not above and is_open(seen, look, side):
            seen = Seen()  # a view's own annotation: what it takes and gives is in its code
        if part.sparse and seen.kinds & {"null", "anything"} and presence:
            presence = "optional"
        pointer = "/".join(steps)
        kinds, notes = tuple(sorted(seen.kinds)), joined(seen.notes, said)
        yield Declaration(part.part, pointer, seen.name, kinds, seen.format, seen.choices, presence, notes)
        # A tree: below, it is what it is above. (Another model may have the same name.)
        if len(steps) >= DEEPEST or any(each.name == seen.name and each.members == seen.members for each in above):
            return
        above = (*above, seen) if seen.name else above
        for member in seen.members:
            yield from at(member.model, (*steps, member.name), above, member.presence, member.notes)

    return at(part.model, (part.name,) if part.name else (), (), part.presence, part.notes)


def is_open(seen: Seen, look: Look, side: str) -> bool:
    """Whether any value may stand there, or objects whose members may be any."""
    return seen == ANYTHING or ("map" in seen.kinds and look(seen.members[0].model, side) == ANYTHING)


# FastAPI --------------------------------------------------------------------------------------------------------------

PLACES = {"path_params": "path", "query_params": "query", "header_params": "header", "cookie_params": "cookie"}


def fastapi_declarations(
    route: Any, dependants: Iterable[Any], responses: Mapping[Any, Any]
) -> tuple[Declaration, ...]:
    """Of a path operation of FastAPI's; ``dependants`` say what it depends on, ``responses`` are its own and those of
    what includes it."""
    asked = chain.from_iterable(fastapi_parameters(each, 0) for each in dependants)
    return declared(chain(asked, fastapi_bodies(route, responses)), annotated)


def fastapi_bodies(route: Any, responses: Mapping[Any, Any]) -> Iterator[Part]:
    sent = getattr(getattr(route, "body_field", None), "field_info", None)
    if sent is not None:
        yield Part("request", type_of(sent), presence=presence(sent), notes=of_field(sent))
    # What is left out as unset or as a default has a default, and so is optional anyway.
    sparse = bool(getattr(route, "response_model_exclude_none", False))
    model = answered_model(route)
    answered = exact(getattr(route, "status_code", None) or 200)
    if model is not None:
        yield Part(answered, model, sparse=sparse, by_name=getattr(route, "response_model_by_alias", True) is False)
    for status, response in responses.items():
        other = response.get("model") if isinstance(response, dict) else None
        if other is not None and exact(status) and (model is None or exact(status) != answered):
            yield Part(exact(status), other, sparse=sparse)


def answered_model(route: Any) -> Any:
    """The model of what a route answers, without the members that it leaves out; None where nobody knows which."""
    model = getattr(route, "response_model", None)
    told = [getattr(route, f"response_model_{word}", None) for word in ("include", "exclude")]
    if model is None or not any(told):
        return model
    only, exclude = map(names_in, told)
    if only is None or exclude is None or not is_model(model):
        return None
    return Narrowed(model, only, exclude)


def names_in(told: Any) -> frozenset[str] | None:
    """The names of members that stand in ``response_model_include`` and the like; None where it goes deeper."""
    if isinstance(told, Mapping) and any(each is not True and each is not ... for each in told.values()):
        return None
    return frozenset(told or ())


def exact(status: Any) -> str:
    """A status in digits; empty for what is none, but a range of them (``4XX``) or all others (``default``)."""
    digits = str(int(status)) if isinstance(status, int) else str(status)
    return digits if digits.isascii() and digits.isdecimal() else ""


def fastapi_parameters(dependant: Any, depth: int) -> Iterator[Part]:
    """The parameters of a view and of what it depends on."""
    if dependant is None or depth > DEEPEST:
        return
    for attribute, place in PLACES.items():
        fields = getattr(dependant, attribute, ())
        for field in fields:
            info = field.field_info
            if getattr(info, "include_in_schema", True) is False:
                continue
            members = fields_of(info.annotation, "request") if len(fields) == 1 else None
            if members is None:
                sent = alias(info, field.alias, "request") or field.alias
                yield Part(place, type_of(info), sent, presence(info), notes=of_field(info))
                continue
            for member in members:  # a model of all parameters at that place
                dashed = place == "header" and getattr(info, "convert_underscores", True)
                name = member.name.replace("_", "-") if dashed else member.name
                yield Part(place, member.model, name, member.presence, notes=member.notes)
    for inner in getattr(dependant, "dependencies", ()):
        yield from fastapi_parameters(inner, depth + 1)


def presence(info: Any) -> Presence:
    return "required" if info.is_required() else "optional"


# flask-smorest, APIFlask ----------------------------------------------------------------------------------------------

LOCATIONS = {
    **dict.fromkeys(("json", "form", "files", "json_or_form", "form_and_files"), "request"),
    **dict.fromkeys(("query", "querystring"), "query"),
    "headers": "header",
    "cookies": "cookie",
}


def flask_declarations(view: Any, method: str) -> tuple[Declaration, ...]:
    """Of a view of Flask's that one of the extensions has decorated."""
    function = function_of(view, method)
    return declared(chain(smorest(function), apiflask(function)), schemas)


def smorest(function: Any) -> Iterator[Part]:
    told = getattr(function, "_apidoc", None)
    if not isinstance(told, dict):
        return
    for argument in told.get("arguments", {}).get("parameters", ()):
        yield from located(argument.get("schema"), argument.get("in"), argument.get("required") is not False)
    for status, answers in told.get("response", {}).get("responses", {}).items():
        several = answers if isinstance(answers, list) else [answers]
        if len(several) == 1:  # of two with one status, nobody knows which is which
            yield from answer(status, several[0].get("schema"))


def apiflask(function: Any) -> Iterator[Part]:
    told = getattr(function, "_spec", None)
    if not isinstance(told, dict):
        return
    for schema, location in told.get("args") or ():
        yield from located(schema, location)
    if told.get("body") is not None:
        yield Part("request", told["body"])
    response = told.get("response")
    if isinstance(response, dict):
        yield from answer(response.get("status_code", 200), response.get("schema"))


def located(schema: Any, location: Any, required: bool = True) -> Iterator[Part]:
    place = LOCATIONS.get(location)
    if place == "request":
        yield Part(place, schema, presence="required" if required else "optional")
    elif place is not None:
        seen = schemas(schema, "request")
        for member in seen.members if seen is not None else ():
            yield Part(place, member.model, member.name, member.presence, notes=member.notes)


def answer(status: Any, schema: Any) -> Iterator[Part]:
    if schema is not None and exact(status):
        yield Part(exact(status), schema)
