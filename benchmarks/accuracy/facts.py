"""An OpenAPI document, 3.0 or 3.1, taken apart into facts that can be compared one by one.

Each fact belongs to a group and to an operation, whose path template counts without the names of its parameters:
whoever calls ``GET /orders/{id}`` need not know what others call the parameter. (Their names are judged apart; among
the parameters those of the path stand by their positions.) What a wrong template says of its operation is wrong in
every group.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote

from benchmarks.accuracy.exercised import PARAMETER, Exercised, Key, base, blanked, operations
from benchmarks.accuracy.schemas import ELEMENT, VALUE, Place, followed, places
from mirror.media import parse

BODY_GROUPS = ("properties", "types", "required", "nullable", "formats", "enums")
GROUPS = (
    "templates",
    "operations",
    "parameters",
    "parameter types",
    "parameter required",
    "parameter formats",
    "parameter enums",
    *(f"request {name}" for name in BODY_GROUPS),
    *(f"response {name}" for name in BODY_GROUPS),
    "statuses",
    "content types",
    "security",
)
NAMES = "template names"
"""Judged as well, but not in the mean."""

# "If in is header and the name field is Accept, Content-Type or Authorization, the definition SHALL be ignored."
IGNORED_HEADERS = {"accept", "content-type", "authorization"}


class Fact(NamedTuple):
    """``where`` is ``request MEDIA``, ``STATUS MEDIA`` or a parameter's place and name, ``pointer`` a place of a
    schema, ``value`` what is claimed there."""

    group: str
    key: Key | None
    where: str = ""
    pointer: str = ""
    value: Any = None

    def __str__(self) -> str:
        value = "|".join(sorted(self.value)) if isinstance(self.value, frozenset) else self.value
        said = [str(self.key or ""), self.where, self.pointer, "" if value is None else str(value)]
        return f"{self.group}: {' '.join(filter(None, said))}"


class Claims(NamedTuple):
    """All that a document says: its facts, and the places of its schemas by operation and ``where``."""

    facts: set[Fact]
    places: dict[tuple[Key, str], dict[str, Place]]


def claims(document: Mapping[str, Any], exercised: Exercised, again: int = 0) -> Claims:
    """Take a document apart. Ranges and defaults of statuses stand for those of them that were seen."""
    facts: set[Fact] = set()
    found: dict[tuple[Key, str], dict[str, Place]] = {}
    sides = {"request": without(document, "readOnly"), "response": without(document, "writeOnly")}
    bodies = {side: operations(said) for side, said in sides.items()}
    for key, (template, item, operation) in operations(document).items():
        names = PARAMETER.findall(template)
        facts.add(Fact("templates", None, key.shape))
        facts.add(Fact(NAMES, None, unquote(template)))
        facts.add(Fact("operations", key))
        for where, parameter in parameters(item, operation, names, document):
            facts.add(Fact("parameters", key, where))
            of_content: Mapping[str, Any] = next(iter((parameter.get("content") or {}).values()), {})
            schema = parameter.get("schema", of_content.get("schema"))
            found[key, where] = places({} if schema is None else schema, document, again)
            facts.update(value_facts("parameter", key, where, found[key, where]))
            if parameter.get("required") is True and parameter.get("in") != "path":
                facts.add(Fact("parameter required", key, where))
        body = followed(bodies["request"][key][2].get("requestBody"), sides["request"])
        contents = [("request", "request", body.get("content"))]
        seen = exercised.seen[key].statuses if key in exercised.seen else set()
        for status, response in responses(bodies["response"][key][2], sides["response"], seen):
            facts.add(Fact("statuses", key, status))
            contents.append(("response", status, response.get("content")))
        for side, start, content in contents:
            for media, said in (content or {}).items():
                where = f"{start} {parse(media).name}"
                facts.add(Fact("content types", key, where))
                schema = said.get("schema") if isinstance(said, Mapping) else None
                found[key, where] = places({} if schema is None else schema, sides[side], again)
                facts.update(value_facts(side, key, where, found[key, where]))
        facts.update(Fact("security", key, scheme) for scheme in security(operation, document))
    return Claims(facts, found)


def slashed(learned: Mapping[str, Any], declared: Mapping[str, Any]) -> Mapping[str, Any]:
    """A learned document whose templates end with a slash where the declared ones do: applications redirect the one to
    the other, and there are learners that cannot write it."""
    true = {key.shape for key in operations(declared)}
    known = {key.shape for key in operations(learned)}
    start = base(learned)
    paths = {}
    for path, item in (learned.get("paths") or {}).items():
        other = path.rstrip("/") if path.endswith("/") else f"{path}/"
        shape, shape_of_other = blanked(start + path), blanked(start + other)
        strays = shape not in true and shape_of_other in true and shape_of_other not in known
        paths[other if strays else path] = item
    return {**learned, "paths": paths}


def without(node: Any, mark: str) -> Any:
    """A document without the members that are marked so: what is ``readOnly`` is in no request, what is ``writeOnly``
    in no response."""
    if isinstance(node, list):
        return [without(value, mark) for value in node]
    if not isinstance(node, Mapping):
        return node
    kept = {name: without(value, mark) for name, value in node.items()}
    members = kept.get("properties")
    if isinstance(members, dict):
        gone = {name for name, member in members.items() if isinstance(member, dict) and member.get(mark) is True}
        kept["properties"] = {name: member for name, member in members.items() if name not in gone}
        if isinstance(kept.get("required"), list):
            kept["required"] = [name for name in kept["required"] if name not in gone]
    return kept


def value_facts(side: str, key: Key, where: str, found: Mapping[str, Place]) -> Iterator[Fact]:
    """What a schema says. Of a parameter only types, formats and choices count: it has no members."""
    for pointer, place in found.items():
        name = pointer.rpartition("/")[2]
        for kind in place.types:
            yield Fact(f"{side} types", key, where, pointer, kind)
        for form in place.formats:
            yield Fact(f"{side} formats", key, where, pointer, form)
        if place.enum is not None:
            yield Fact(f"{side} enums", key, where, pointer, place.enum)
        if side == "parameter":
            continue
        if pointer and name != ELEMENT:
            yield Fact(f"{side} properties", key, where, pointer)
        if place.nullable:
            yield Fact(f"{side} nullable", key, where, pointer)
        if place.required and name not in (ELEMENT, VALUE):
            yield Fact(f"{side} required", key, where, pointer)


def parameters(
    item: Mapping[str, Any], operation: Mapping[str, Any], names: list[str], document: Mapping[str, Any]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The parameters of an operation: the place and name of each (of those in the path the position), its object."""
    kept: dict[str, Mapping[str, Any]] = {}
    for said in [*(item.get("parameters") or ()), *(operation.get("parameters") or ())]:
        parameter = followed(said, document)
        place, name = parameter.get("in"), str(parameter.get("name"))
        if place == "header":
            name = name.lower()
            if name in IGNORED_HEADERS:
                continue
        kept[f"{place} {name}"] = parameter
    for name, parameter in kept.items():
        braced = f"{{{parameter.get('name')}}}"
        is_path = parameter.get("in") == "path" and braced in names
        yield f"path {names.index(braced)}" if is_path else name, parameter


def responses(
    operation: Mapping[str, Any], document: Mapping[str, Any], seen: Iterable[str]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    declared = {str(status): followed(said, document) for status, said in (operation.get("responses") or {}).items()}
    for status, response in declared.items():
        if status.isdecimal():
            yield status, response
    for status in seen:
        for wider in (f"{status[0]}XX", "default"):
            if status not in declared and wider in declared:
                yield status, declared[wider]
                break


def security(operation: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    """Kind and place of the credentials. OAuth 2 and OpenID Connect are, in an exchange, bearer tokens."""
    schemes = (document.get("components") or {}).get("securitySchemes") or {}
    said = operation.get("security", document.get("security"))
    for name in {name for requirement in said or () if isinstance(requirement, Mapping) for name in requirement}:
        scheme = followed(schemes.get(name), document)
        kind = scheme.get("type")
        if kind == "apiKey":
            place, name = scheme.get("in"), str(scheme.get("name"))
            yield f"key {place} {name.lower() if place == 'header' else name}"
        elif kind == "http":
            yield f"http {str(scheme.get('scheme')).lower()}"
        elif kind in ("oauth2", "openIdConnect"):
            yield "http bearer"
        else:
            yield f"unknown {name}"
