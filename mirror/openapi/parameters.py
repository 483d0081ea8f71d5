"""Parameters: what a request says beside its body, and what may be claimed of it (OpenAPI 3.1, Parameter Object).

Names come from requests that were accepted; from those whose fate says nothing against them (404, 409 ...) where none
was accepted; and from refusals that name them. Types come from the framework's route, else from a refusal that says
what was expected, else from the values. A parameter is required where a refusal has missed it, or where nobody has done
without it in ENOUGH requests; one that an accepted request did without never is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from mirror.openapi.bounded import texts_of, usual
from mirror.openapi.choices import is_among
from mirror.openapi.credentials import is_session, scheme_name
from mirror.openapi.evidence import REFUSALS, Fate, Operation, Refusal, Requests
from mirror.openapi.fieldnames import cased, is_standard
from mirror.openapi.integers import integers_in
from mirror.openapi.kin import LANGUAGE, NOBODY, VARIABLE, Kin
from mirror.openapi.schema import Schema
from mirror.openapi.strings import MIXED, Strings
from mirror.openapi.text_types import ANY_TEXT, common_format, converted, listed, text_schema
from mirror.openapi.texts import Texts

ENOUGH = 3
"""Accepted requests that have to have a parameter before it is called required without a refusal that says so."""

# What OpenAPI says in other places (Parameter Object, "name"): these header fields are never parameters.
SAID_ELSEWHERE = frozenset({"accept", "content-type", "authorization", "cookie", "host", "content-length"})
# How an interface answers that looks at these header fields (RFC 9110, sections 13 and 14).
ANSWERED_BY = {
    "if-none-match": frozenset({304, 412}),
    "if-modified-since": frozenset({304}),
    "range": frozenset({206, 416}),
}
TIMES = frozenset({"date", "date-time"})
# Cookies of the tools that watch visitors, which applications do not read.
WATCHERS = re.compile(
    r"_g(?:a|id|at|cl)(?:_.*)?|__utm.|_fb[pc]|_hj.*|ajs_.*|mp_.*|amplitude.*|_clck|_clsk|optimizely.*"
)
# What has a default everywhere: that a suite always sends it is no sign of its being required.
DEFAULTED = re.compile(
    r"page(?:[\[_-]?(?:size|number|limit|offset|num|no))?\]?|per[_-]?page|limit|offset|size|skip|take|top|count|cursor|"
    r"after|before|sort(?:[_-]?(?:by|order|dir|direction))?|order(?:[_-]?(?:by|ing|dir|direction))?|direction|desc|asc|"
    r"reverse|fields|include|expand|embed|lang|language|locale|format|verbose|debug|pretty|dry[_-]?run|force|max|min",
    re.IGNORECASE,
)


class Found(NamedTuple):
    """A parameter: its values in the requests that say something, all of them and the accepted ones."""

    place: str
    name: str
    texts: Texts
    accepted: int = 0


def parameters(
    operation: Operation, template: str, schemes: Collection[str], kin: Kin = NOBODY, told: Collection[str] = ()
) -> list[Schema]:
    """The parameters of an operation, as OpenAPI has them: those of the path in its order, then of the query, the
    header and the cookies, by name. What ``schemes`` (see mirror.openapi.security) are about is none; ``kin`` is what
    the other operations of the service say, but not of what this one's model has ``told`` of its path."""
    path = template[template.index("/") :] if "/" in template else template
    choices = kin.choices_at(path)
    made = []
    for variable in VARIABLE.finditer(path):
        name, here = variable[1], path[: variable.end()]
        made.append(path_parameter(operation if name in told else kin.paths.get(here, operation), name))
    for place in ("query", "header", "cookie"):
        for found in found_in(operation, place, path, kin):
            credential = f"{place} {found.name}"
            if credential not in schemes and scheme_name(credential) not in schemes:
                made.append(parameter(operation, found, kin, choices.get(found.name)))
    return made


def sent(operation: Operation, place: str, name: str) -> int:
    """How many requests had a parameter."""
    if place == "path":
        return operation.count
    name = name.lower() if place == "header" else name
    found = (values(operation, fate, place).get(name) for fate in BY_WEIGHT)
    return sum(texts.present for texts in found if texts is not None)


def path_parameter(operation: Operation, name: str) -> Schema:
    refusal = operation.refusals.get(f"path {name}")
    words = operation.converters.get(name, set())
    schema = converted(words)
    if schema is None:
        schema = text_schema(path_values(operation, name, refusal), name, refusal)
    elif schema == {"type": "string"} and refusal is not None and (refusal.choices or refusal.types - {"string"}):
        # The view has asked for more than its route: FastAPI checks what Starlette lets through.
        schema = text_schema(values(operation, "accepted", "path").get(name, Texts()), name, refusal)
    elif schema == {"type": "string"} and not is_any_text(refusal):
        # What lets any text through says nothing of its form.
        form = common_format(path_values(operation, name, refusal).forms)
        schema = {"type": "string", **({"format": form} if form is not None else {})}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def is_any_text(refusal: Refusal | None) -> bool:
    """Whether a model has said so: then commas separate nothing."""
    return refusal is not None and ANY_TEXT in refusal.types


def path_values(operation: Operation, name: str, refusal: Refusal | None) -> Texts:
    """The values that say what a path parameter can be. Where the framework has told the route, one that it let through
    and the view did not find is a right one: ``/users/nobody`` says that identifiers need not be UUIDs."""
    kept = {fate: values(operation, fate, "path").get(name) for fate in BY_WEIGHT}
    accepted, other, refused = (kept[fate] for fate in BY_WEIGHT)
    if accepted is not None and other is not None and operation.endpoints:
        whole = Texts()
        whole.merge(accepted)
        whole.merge(other)
        return whole
    if refusal is not None:
        refused = None  # what a refusal has named is wrong
    return accepted or other or refused or Texts()


def parameter(operation: Operation, found: Found, kin: Kin, choices: frozenset[str] | None = None) -> Schema:
    """A parameter that is not part of the path. ``choices`` are what its collection has named for the name."""
    made: Schema = {"name": cased(found.name) if found.place == "header" else found.name, "in": found.place}
    if is_required(operation, found, kin):
        made["required"] = True
    refusal = operation.refusals.get(f"{found.place} {found.name}") or kin.refusals.get(f"{found.place} {found.name}")
    element = operation.refusals.get(f"{found.place} {found.name}/*")
    schema = text_schema(found.texts, found.name, refusal, element)
    if found.place == "cookie" and not (refusal is not None and refusal.types):
        # Identifiers and settings, whatever they look like; but nobody calls a thing after the time of day.
        schema = schema if schema.get("format") in TIMES else {"type": "string"}
    elif found.place == "query":
        if schema.get("type") == "array":
            made |= {"style": "form", "explode": True}
        elif schema == {"type": "string"} and not is_any_text(refusal) and (items := listed(found.texts)) is not None:
            made |= {"style": "form", "explode": False}
            schema = {"type": "array", "items": items}
    if schema.get("type") == "string" and found.place != "cookie" and not (refusal is not None and refusal.choices):
        others = kin.choices.get(found.name, frozenset())
        if is_handed_back(operation, found):
            others = frozenset()
            schema.pop("enum", None)
        if schema.keys() <= {"type", "enum"} and not is_any_text(refusal):
            schema = with_choices(schema, found.texts, choices, others, kin)
    elif schema == {"type": "integer"} and not (refusal is not None and refusal.choices):
        named, seen = integers_in(choices or ()), found.texts.values
        if named and seen and integers_in(seen) and integers_in(seen) <= named:
            schema = {"type": "integer", "enum": sorted(named)}
    made["schema"] = schema
    return made


def with_choices(schema: Schema, texts: Texts, own: frozenset[str] | None, others: frozenset[str], kin: Kin) -> Schema:
    """The choices that refusals of the same collection have named for the name (none where they could not be read);
    those of others, where what came again and again is among them."""
    if own is not None and not own:
        return {"type": "string"}
    if own and texts.values and texts.values <= own:
        return {"type": "string", "enum": kin.in_order(own)}
    if is_among(Strings(texts.count, MIXED, texts.values), others):
        return {"type": "string", "enum": kin.in_order(others)}
    return schema


def is_handed_back(operation: Operation, found: Found) -> bool:
    """Whether it is the ``state`` of a callback (RFC 6749, section 4.1.2): whatever was sent comes back, beside a
    ``code``."""
    return found.name == "state" and any("code" in values(operation, fate, found.place) for fate in BY_WEIGHT)


BY_WEIGHT: tuple[Fate, ...] = ("accepted", "other", "refused")
"""Accepted requests say what is right, others may, refused ones hardly."""


def values(operation: Operation, fate: Fate, place: str) -> Mapping[str, Texts]:
    """The values that requests of a fate had at a place, by name."""
    requests = operation.requests.get(fate)
    found: Mapping[str, Texts] = {} if requests is None else getattr(requests.parameters, place)
    return found


def found_in(operation: Operation, place: str, path: str, kin: Kin) -> Iterator[Found]:
    """What was found at a place, by name."""
    accepted = values(operation, "accepted", place)
    count = accepted_count(operation)
    others = {} if count else values(operation, "other", place)
    known = usual(accepted, count) or usual(others, operation.requests.get("other", Requests()).parameters.count)
    named = {
        name
        for name in (each.partition(" ")[2].partition("/")[0] for each in operation.refusals if is_at(each, place))
        if name
    }
    for name in sorted({*known, *named}):
        if place == "query" and name not in accepted and may_be_the_paths(operation, name, path):
            continue
        if place == "header" and (name in SAID_ELSEWHERE or (is_standard(name) and name not in named)):
            continue
        if name in ANSWERED_BY and name not in named and not ANSWERED_BY[name] & operation.answers.keys():
            continue  # sent, and nobody cared
        if name == LANGUAGE and name not in named and not (kin.few_say_language or lacking_anywhere(operation, name)):
            continue  # a browser's, which sends it always
        if place == "cookie" and name not in named and (is_session(name) or WATCHERS.fullmatch(name)):
            continue
        texts = texts_of(name, accepted, others)
        yield Found(place, name, texts, accepted[name].present if name in accepted else 0)


def may_be_the_paths(operation: Operation, name: str, path: str) -> bool:
    """Whether what a refusal calls wrong was in no query, so that it may be a variable of a path whose names nobody
    knows."""
    refusal = operation.refusals.get(f"query {name}")
    if operation.endpoints or refusal is None or refusal.missing or VARIABLE.search(path) is None:
        return False
    return not any(name in values(operation, fate, "query") for fate in BY_WEIGHT)


def lacking_anywhere(operation: Operation, header: str) -> bool:
    """Whether some request did without a header field."""
    found = Found("header", header, Texts())
    return any(lacking(requests, found) for requests in operation.requests.values())


def is_at(where: str, place: str) -> bool:
    return where.startswith(f"{place} ")


def accepted_count(operation: Operation) -> int:
    return operation.requests.get("accepted", Requests()).parameters.count


# Required -------------------------------------------------------------------------------------------------------------

CHECKED = frozenset({404, 409, 410, 423, 424})
"""What is answered to requests that were looked at: they had all that is required."""


def is_required(operation: Operation, found: Found, kin: Kin) -> bool:
    count = accepted_count(operation)
    if found.accepted < count:
        return False
    refusal = operation.refusals.get(f"{found.place} {found.name}")
    if refusal is not None and refusal.missing:
        return True
    if not count:
        return False
    for omission in operation.omissions:
        if omission.place == found.place and found.name not in {*omission.present, *omission.missing}:
            return False
    if is_told_by_others(found, kin):
        return True
    if found.place == "cookie":
        return False
    other = operation.requests.get("other", Requests())
    statuses = {status for status in operation.answers if status >= 400} - REFUSALS
    if statuses and statuses <= CHECKED and lacking(other, found):
        return False
    refused = operation.requests.get("refused", Requests())
    if lacking(refused, found) and refused.bodiless == refused.count and not operation.refusals:
        return count > 1  # nobody has said why, but with it nothing was refused
    return count >= ENOUGH and not DEFAULTED.fullmatch(found.name)


def is_told_by_others(found: Found, kin: Kin) -> bool:
    """Whether another operation has refused to do without it. A header field is what all of them have in common; names
    in the query and of cookies are not."""
    told = kin.refusals.get(f"{found.place} {found.name}")
    return bool(told is not None and told.missing and (found.place == "header" or found.accepted >= ENOUGH))


def lacking(requests: Requests, found: Found) -> int:
    """How many requests did without it."""
    texts: Texts | None = getattr(requests.parameters, found.place).get(found.name)
    return requests.parameters.count - (texts.present if texts is not None else 0)
