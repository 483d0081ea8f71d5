"""What models declare of parameters and forms: of texts, so it goes where refusals go.

operation = with_parameters(operation, parts, unseen=True)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from mirror.exchange import Declaration
from mirror.formats import SCHEMA_FORMATS
from mirror.openapi.declared import NOTHING, SCALARS, Part
from mirror.openapi.evidence import Omission, Operation, Refusal
from mirror.openapi.merging import copy
from mirror.openapi.text_types import ANY_TEXT, OR

PARAMETERS = ("path", "query", "header", "cookie")
FORMS = frozenset({"form", "multipart"})


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
    choices = set(said.choices) if len({*said.kinds} - {"null"}) < 2 else set()
    return Refusal(0, int(said.presence == "required"), types=set(types_of(said)), choices=choices)


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
