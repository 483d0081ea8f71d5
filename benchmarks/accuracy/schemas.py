"""What a schema says of each place below it, in one form for OpenAPI 3.0 and 3.1.

    places(schema, document, again)  ->  {"": Place, "/items": Place, "/items/*": Place, "/items/*/name": Place, ...}

A place is a pointer of member names, with ``*`` for the elements of an array (of a tuple as well) and ``{}`` for the
values of a map. ``$ref`` is followed, ``allOf`` is merged, of ``anyOf`` and ``oneOf`` the alternatives are united:
members of one alternative are members, and required is what all alternatives with members require. Null is never a
type but makes a place nullable, however it is written (``nullable``, a list of types, an alternative, an enum).

A recursive schema is unfolded: a ``$ref`` that already stands on the way is followed ``again`` times more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

DEEPEST = 12
ELEMENT, VALUE = "*", "{}"

# They say how a number is stored or a field is shown, which no exchange can tell.
UNSEEN_FORMATS = {"int32", "int64", "float", "double", "password"}
JSON_TYPES: dict[type, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    list: "array",
    dict: "object",
}


@dataclass
class Place:
    """What is said of the values of one place. ``free``: nothing is said, anything may stand here. ``roomy``: these
    objects may have members that are not declared, with any values."""

    types: set[str] = field(default_factory=set)
    nullable: bool = False
    formats: set[str] = field(default_factory=set)
    enum: frozenset[str] | None = None
    required: bool = False
    free: bool = False
    roomy: bool = False


@dataclass
class View:
    """A schema without its combinators: what it says of its own values, and the schemas of what is below."""

    place: Place
    members: dict[str, list[Step]] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    elements: list[Step] = field(default_factory=list)
    values: list[Step] = field(default_factory=list)


@dataclass(frozen=True)
class Step:
    """A schema, and the references that were followed on the way to it."""

    schema: Any
    way: tuple[str, ...]


def places(schema: Any, document: Mapping[str, Any], again: int = 0) -> dict[str, Place]:
    """All places of a schema by their pointers. Where a reference ends the unfolding the place itself is there."""
    found: dict[str, Place] = {}
    walk([Step(schema, ())], "", 0, document, again, found)
    return found


def walk(
    steps: Sequence[Step], pointer: str, depth: int, document: Mapping[str, Any], again: int, found: dict[str, Place]
) -> None:
    view = united([view_of(step, document) for step in steps])
    found[pointer] = view.place
    below = [(escaped(name), name in view.required, schemas) for name, schemas in view.members.items()]
    below += [(ELEMENT, False, view.elements), (VALUE, False, view.values)]
    for name, required, schemas in below:
        unended = [step for step in schemas if all(step.way.count(ref) <= again + 1 for ref in step.way)]
        if unended and depth < DEEPEST:
            where = f"{pointer}/{name}"
            walk(unended, where, depth + 1, document, again, found)
            found[where].required = required


def view_of(step: Step, document: Mapping[str, Any]) -> View:
    """What one schema says. Its combinators are resolved; what is below it is not looked at yet."""
    schema, way = step.schema, step.way
    if not isinstance(schema, Mapping):
        return View(Place(free=True))
    if "$ref" in schema:
        reference = schema["$ref"]
        if way.count(reference) > 4:
            return View(Place(free=True))
        target = view_of(Step(resolve(reference, document), (*way, reference)), document)
        beside = {name: value for name, value in schema.items() if name != "$ref"}
        return joined([target, view_of(Step(beside, way), document)]) if says_something(beside) else target
    parts = [own(schema, way)] if says_something(schema) else []
    parts += [view_of(Step(part, way), document) for part in schema.get("allOf", ())]
    for name in ("anyOf", "oneOf"):
        if schema.get(name):
            parts.append(united([view_of(Step(part, way), document) for part in schema[name]]))
    view = joined(parts) if parts else View(Place(free=True))
    if schema.get("nullable") is True:
        view.place.nullable = True
    return view


SAYING = (
    "type properties required items prefixItems additionalProperties patternProperties enum const format "
    "contentEncoding contentMediaType"
).split()


def says_something(schema: Mapping[str, Any]) -> bool:
    return any(name in schema for name in SAYING)


def is_bare(schema: Mapping[str, Any]) -> bool:
    """Whether any value is right: extensions say nothing of values."""
    return all(name.startswith("x-") for name in schema)


def own(schema: Mapping[str, Any], way: tuple[str, ...]) -> View:
    """What the keywords of a schema itself say."""
    said = schema.get("type")
    types = {said} if isinstance(said, str) else set(said or ())
    choices = (
        schema["enum"] if isinstance(schema.get("enum"), list) else [schema["const"]] if "const" in schema else None
    )
    if not types and choices is not None:
        types = {json_type(choice) for choice in choices}
    if not types and "properties" in schema:
        types = {"object"}
    if not types and "items" in schema:
        types = {"array"}
    place = Place(
        {kind for kind in types if kind != "null"}, "null" in types or (choices is not None and None in choices)
    )
    if choices is not None:
        place.enum = frozenset(str(choice) for choice in choices if choice is not None) or None
    place.formats = formats(schema)
    place.free = not types and choices is None
    if "number" in place.types:
        place.types.discard("integer")
    view = View(place)
    view.required = {name for name in schema.get("required", ()) if isinstance(name, str)}
    for name, member in (schema.get("properties") or {}).items():
        view.members[name] = [Step(member, way)]
    items = [*schema.get("prefixItems", ()), schema.get("items")]
    view.elements = [Step(item, way) for item in items if isinstance(item, Mapping) and not is_bare(item)]
    extra = schema.get("additionalProperties")
    if isinstance(extra, Mapping) and not is_bare(extra):
        view.values = [Step(extra, way)]
    view.values += [Step(item, way) for item in (schema.get("patternProperties") or {}).values()]
    undeclared = extra is None and not view.members and not view.values
    place.roomy = "object" in place.types and (
        extra is True or (isinstance(extra, Mapping) and is_bare(extra)) or undeclared
    )
    return view


def formats(schema: Mapping[str, Any]) -> set[str]:
    said = schema.get("format")
    if said is None and "base64" in str(schema.get("contentEncoding", "")):
        said = "byte"
    if said is None and schema.get("contentMediaType") == "application/octet-stream":
        said = "binary"
    return {said} if isinstance(said, str) and said not in UNSEEN_FORMATS else set()


def joined(views: Sequence[View]) -> View:
    """What all of these say together (allOf)."""
    whole = views[0]
    for view in views[1:]:
        place, other = whole.place, view.place
        both = place.types & other.types
        place.types = both or place.types | other.types
        place.nullable |= other.nullable
        place.formats |= other.formats
        place.enum = place.enum if other.enum is None else other.enum if place.enum is None else place.enum & other.enum
        place.free = place.free and other.free
        place.roomy = place.roomy and other.roomy
        whole.required |= view.required
        add_below(whole, view)
    return whole


def united(views: Sequence[View]) -> View:
    """What the alternatives say (anyOf, oneOf, or all elements of a tuple)."""
    whole = View(Place())
    real = [view for view in views if view.place.types or view.place.free or view.members]
    place = whole.place
    for view in views:
        place.nullable |= view.place.nullable
    for view in real:
        place.types |= view.place.types
        place.formats |= view.place.formats
        place.free |= view.place.free
        place.roomy |= view.place.roomy
        add_below(whole, view)
    if "number" in place.types:
        place.types.discard("integer")
    if real and all(view.place.enum is not None for view in real):
        place.enum = frozenset().union(*(view.place.enum or () for view in real))
    objects = [view.required for view in real if "object" in view.place.types]
    whole.required = set.intersection(*objects) if objects else set()
    return whole


def add_below(whole: View, view: View) -> None:
    for name, schemas in view.members.items():
        whole.members[name] = [*whole.members.get(name, ()), *schemas]
    whole.elements = [*whole.elements, *view.elements]
    whole.values = [*whole.values, *view.values]


def resolve(reference: Any, document: Mapping[str, Any]) -> Any:
    """What a local reference stands for; nothing where it leads nowhere."""
    node: Any = document
    if not isinstance(reference, str) or not reference.startswith("#"):
        return {}
    for token in reference.lstrip("#").split("/")[1:]:
        node = node.get(token.replace("~1", "/").replace("~0", "~"), {}) if isinstance(node, Mapping) else {}
    return node


def followed(node: Any, document: Mapping[str, Any]) -> Mapping[str, Any]:
    """A parameter, response or body, and not a reference to it."""
    for _ in range(DEEPEST):
        if not isinstance(node, Mapping) or "$ref" not in node:
            break
        node = resolve(node["$ref"], document)
    return node if isinstance(node, Mapping) else {}


def json_type(value: Any) -> str:
    return "null" if value is None else JSON_TYPES.get(type(value), "string")


def escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def values_at(value: Any, pointer: str) -> list[Any]:
    """The values of a JSON value that stand at a place."""
    found = [value]
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        if token == ELEMENT:
            found = [element for one in found if isinstance(one, list) for element in one]
        elif token == VALUE:
            found = [element for one in found if isinstance(one, dict) for element in one.values()]
        else:
            found = [one[name] for one in found if isinstance(one, dict) and name in one]
    return found
