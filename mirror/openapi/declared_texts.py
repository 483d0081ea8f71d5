"""What models declare of parameters and forms: of texts, so it goes where refusals go.

operation = with_parameters(operation, parts, unseen=True)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from mirror.exchange import Declaration
from mirror.formats import SCHEMA_FORMATS
from mirror.openapi.declared import SCALARS, beside, described
from mirror.openapi.declared_parts import NOTHING, Part
from mirror.openapi.evidence import Fate, Omission, Operation, Refusal
from mirror.openapi.merging import copy
from mirror.openapi.notes import held_by_texts, with_notes
from mirror.openapi.said import basic_kinds
from mirror.openapi.schema import Schema
from mirror.openapi.text_types import ANY_TEXT, OR
from mirror.openapi.texts import Texts

PARAMETERS = ("path", "query", "header", "cookie")
FORMS = frozenset({"form", "multipart"})
RIGHT: tuple[Fate, ...] = ("accepted", "other")


def with_parameters(operation: Operation, parts: Mapping[str, Part], unseen: bool) -> Operation:
    """An operation with what is declared of its parameters and forms, as if refusals had said it."""
    told = [(place, parts[place]) for place in PARAMETERS if place in parts]
    contents = [each for requests in operation.requests.values() for each in requests.contents.values()]
    if "request" in parts and contents and all(each.family in FORMS for each in contents):
        told.append(("body", parts["request"]))
    if not told:
        return operation
    refusals = {place: copy(refusal) for place, refusal in operation.refusals.items()}
    omissions = list(operation.omissions)
    for place, part in told:
        required = []
        for pointer, said in part.places.items():
            if not pointer or (not unseen and not is_sent(operation, place, pointer[0])):
                continue
            refusal = refusal_of(said)
            refusals.setdefault(f"{place} {'/'.join(pointer)}", Refusal()).merge(refusal)
            if refusal.missing and len(pointer) == 1:
                required.append(pointer[0])
        omissions.append(Omission(place, (), tuple(required)))
    return msgspec.structs.replace(operation, refusals=refusals, omissions=omissions)


def noted_parameter(parameter: Schema, parts: Mapping[str, Part], operation: Operation) -> Schema:
    """A parameter with what is said of it: name and description itself, its schema the rest."""
    name, place = parameter["name"], parameter["in"]
    part = parts.get(place, NOTHING)
    pointer = (name.lower() if place == "header" else name,)
    schema = noted_text(parameter["schema"], part, pointer, seen_of(operation, place, pointer[0]))
    told = {key: schema[key] for key in ("description",) if key in schema}
    return {
        "name": part.spelled.get(pointer[0], name),
        "in": place,
        **told,
        **{key: value for key, value in parameter.items() if key not in ("name", "in")},
        "schema": {key: value for key, value in schema.items() if key not in told},
    }


def noted_form(schema: Schema, part: Part, operation: Operation) -> Schema:
    """The schema of a form with what is said of its fields."""
    properties = {
        name: noted_text(each, part, (name,), seen_of(operation, "body", name))
        for name, each in schema.get("properties", {}).items()
    }
    return {**schema, "properties": properties} if properties else schema


def noted_text(schema: Schema, part: Part, pointer: tuple[str, ...], seen: Texts | None) -> Schema:
    """The schema of what texts stand for, with what is said of it and of its elements."""
    said = part.places.get(pointer)
    holds = held_by_texts(seen.values if seen is not None else None)
    if said is not None:
        fits = types_in(said) >= basic_kinds(schema)
        schema = with_notes(schema, beside(said) if fits else described(said), holds)
    if isinstance(schema.get("items"), dict):
        return {**schema, "items": noted_text(schema["items"], part, (*pointer, "*"), seen)}
    return schema


def types_in(said: Declaration) -> set[str]:
    return {"number" if kind == "integer" else kind for kind in said.kinds}


def seen_of(operation: Operation, place: str, name: str) -> Texts | None:
    """The texts that say what is right there: those of accepted requests, else of others that may be."""
    for fate in RIGHT:
        requests = operation.requests.get(fate)
        if requests is None:
            continue
        found: Mapping[str, Texts] = {} if place == "body" else getattr(requests.parameters, place)
        if name in found:
            return found[name]
        for content in requests.contents.values() if place == "body" else ():
            if name in content.fields:
                return content.fields[name]
    return None


def told_in(parts: Mapping[str, Part], place: str) -> frozenset[str]:
    """The names at a place (``path``) of whose values something is declared."""
    said = parts.get(place, NOTHING).places.items()
    return frozenset(pointer[0] for pointer, each in said if pointer and (each.choices or any(types_of(each))))


def is_sent(operation: Operation, place: str, name: str) -> bool:
    for requests in operation.requests.values():
        if place != "body" and name in getattr(requests.parameters, place):
            return True
        if place == "body" and any(name in {*each.fields, *each.files} for each in requests.contents.values()):
            return True
    return False


def refusal_of(said: Declaration) -> Refusal:
    """What is declared of a text, as a refusal would say it. Beside a type of which any value may stand there are none
    to choose from."""
    told = Refusal(0, int(said.presence == "required"), types=set(types_of(said)))
    if len({*said.kinds} - {"null"}) < 2:
        told.choose(tuple(dict.fromkeys(said.choices)))
    return told


def types_of(said: Declaration) -> Iterator[str]:
    kinds = set(said.kinds) - {"null"}
    several = len(kinds) > 1
    if not kinds or (several and not ("string" in kinds and kinds <= SCALARS | {"string"})):
        return
    if "null" in said.kinds:
        yield "null"
    kind = OR.join(sorted(kinds))
    if kind == "string":
        yield said.format if said.format in SCHEMA_FORMATS or said.format == "binary" else ANY_TEXT
    elif several or kind in ("integer", "number", "boolean", "array"):
        yield kind
