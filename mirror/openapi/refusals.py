"""Refusals: what a validation error says of the request that it refuses.

    refused(422, {"detail": [{"loc": ["query", "limit"], "type": "int_parsing", "msg": ...}]}, body, "GET")
    Refused([Said("query limit", kind="int_parsing", type="integer")], exhaustive=True)

Prose is no evidence: where no kind and no sentence of a library is met (mirror.openapi.sentences), nothing is said.
The request's body, where it is given, decides what a path means that can mean two things (``Cat`` is a member, or
Pydantic's word for one of the models of a union), and whether a name without a location is in the body or in the query.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from mirror.openapi.bodies import Body
from mirror.openapi.complaints import RESTX, Error, Found, Step, look
from mirror.openapi.evidence import MOST_OMISSIONS, REFUSALS, Omission
from mirror.openapi.prose import PROSE
from mirror.redact.blanks import is_marked

MOST_ERRORS = 200
UNKNOWN: Any = object()
"""A value of which nothing is known."""

SCALARS = frozenset("int str float bool bytes none decimal constrained-int constrained-str".split())
TAGS = frozenset({"union_tag_invalid", "union_tag_not_found", "tag"})
"""The kinds of errors about the member that tells which of several models is meant."""
# Words with which people say what is required of a caller, or call a body, more often than members of one.
AMBIGUOUS = frozenset(
    "it this that he she you we who what one authentication authorization login password_reset permission access token "
    "json body payload request data input content value field parameter file image user auth session https".split()
)


class Said(NamedTuple):
    """What was said of one place: ``path item_id``, ``query limit``, ``query ids/*``, ``header x-token``, ``body`` or
    ``body items/*/name`` (forms as well). ``body =mode=a/name`` are the choices of one of several kinds of objects,
    those that have an ``a`` for their ``mode``; ``prose data`` is a member of the body or none (mirror.openapi.prose).
    ``kind`` is the error's own word; ``type`` a word of JSON Schema (a type, or a format of strings) where one was
    expected, else empty. Of doubtful choices there may be others, or none.
    """

    place: str
    missing: bool = False
    kind: str = ""
    type: str = ""
    choices: tuple[str, ...] = ()
    doubtful: bool = False


class Refused(NamedTuple):
    """``exhaustive`` tells whether all that was wrong was listed: at the locations in ``checked``."""

    places: list[Said]
    exhaustive: bool = False
    checked: frozenset[str] = frozenset()


def refused(
    status: int,
    value: Any,
    body: Body | None = None,
    method: str = "",
    queried: Collection[str] = (),
    variables: Collection[str] = (),
) -> Refused:
    """What a response with that status and that JSON value says of the request, whose body and method help where they
    are known, as do the names in its query and the variables of its path. Never raises."""
    found = look(value) if status in REFUSALS else None
    if found is None:
        return Refused([])
    root = root_of(body)
    bare = "query" if (body is None or not body.text) and method in ("GET", "HEAD", "DELETE") else "body"
    had = {"body": root, "query": dict.fromkeys(queried, ""), "path": dict.fromkeys(variables, "")}
    own = {*variables}.difference(queried, root if isinstance(root, dict) else ())
    said: dict[Said, None] = {}
    locations = set()
    for error in found.errors[:MOST_ERRORS]:
        where = error.where or ("path" if is_of_path(error, own) else bare)
        if error.meaning.kind == "choice*":  # its name may be any word
            where = next((each for each in ("body", "query", "path") if is_in(error.path, had[each])), "")
            if not where:
                continue
        placed = places_of(error._replace(where=where), root)
        if placed:
            locations.add(where)
            if not error.meaning.unknown:
                said |= dict.fromkeys(placed)
    checked = frozenset(locations) if found.checked is None or is_whole(value, found) else found.checked
    return Refused(list(said), bool(checked), checked)


def is_of_path(error: Error, variables: Collection[str]) -> bool:
    """Whether an error without a location is about one of these variables of the path, which no path is without."""
    return len(error.path) == 1 and error.path[0] in variables and not error.meaning.missing


def is_in(path: tuple[Step, ...], value: Any) -> bool:
    """Whether something is at the end of a path."""
    for step in path:
        there = step in value if isinstance(value, dict) else isinstance(step, int) and is_at(step, value)
        if not there:
            return False
        value = value[step]
    return bool(path)


def is_at(position: int, value: Any) -> bool:
    return isinstance(value, list) and position < len(value)


def is_whole(value: Any, found: Found) -> bool:
    """Whether it is Flask-RESTX's answer to a body that its model does not fit: all that jsonschema has found."""
    return (
        isinstance(value, dict)
        and value.get("message") == RESTX
        and all(error.meaning.kind in ("missing", "type", "choice") and not error.where for error in found.errors)
    )


def omissions(refusal: Refused, query_names: Iterable[str], body: Body) -> list[Omission]:
    """What was there and what was missing at each place that the refusal lists in full: the query, the root of the body
    and the objects below it. ``query_names`` are those of the request."""
    missing: dict[str, set[str]] = {}
    unfit: dict[str, set[str]] = {}
    for said in refusal.places:
        above, name = parted(said.place)
        if said.missing:
            missing.setdefault(above, set()).add(name)
        elif said.choices:
            unfit.setdefault(above, set()).add(name)
    made: dict[Omission, None] = {}
    if "query" in refusal.checked:
        names = set(query_names)
        made[omission("query", names, missing, {})] = None
    if "body" in refusal.checked:
        there = list(objects(root_of(body), "body"))
        unread = [*unread_of(refusal, {place for place, _ in there})]
        for place, members in there:
            if any(is_within(place, each) for each in unread):
                continue
            made[omission(place, members, missing, unfit)] = None
            if len(made) >= MOST_OMISSIONS:
                break
    return list(made)


Names = dict[str, set[str]]


def omission(place: str, present: Collection[str], missing: Names, unfit: Names) -> Omission:
    lacking = missing.get(place, set()).difference(present)
    return Omission(
        place, nameable(present), nameable(lacking), nameable(unfit.get(place, set()).intersection(present))
    )


def unread_of(refusal: Refused, objects: Collection[str]) -> Iterator[str]:
    """The objects that nobody has looked into, because the member that tells which of several models they are of is
    wrong or missing. An error has the place of that member, or that of the object where a function tells it."""
    for said in refusal.places:
        if said.kind in TAGS:
            yield said.place if said.place in objects else parted(said.place)[0]


def parted(place: str) -> tuple[str, str]:
    """The place above one, and the name there."""
    location, _, pointer = place.partition(" ")
    above, _, name = pointer.rpartition("/")
    return f"{location} {above}".strip(), name


def is_within(place: str, above: str) -> bool:
    return place == above or place.startswith((f"{above} ", f"{above}/"))


def nameable(names: Iterable[str]) -> tuple[str, ...]:
    """Sorted, without those that are secret: they are others in every run."""
    return tuple(sorted(name for name in names if not is_marked(name)))


def objects(value: Any, place: str) -> Iterator[tuple[str, Collection[str]]]:
    """The members of each object in a value, with its place."""
    gap = "/" if " " in place else " "
    if isinstance(value, dict):
        yield place, value.keys()
        for name, inner in value.items():
            if not is_marked(name):
                yield from objects(inner, f"{place}{gap}{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner, f"{place}{gap}*")


# Places ---------------------------------------------------------------------------------------------------------------


def root_of(body: Body | None) -> Any:
    """The value of a request's body: that of JSON, the fields of a form, UNKNOWN for anything else."""
    if body is None or not body.readable:
        return UNKNOWN
    if body.family in ("form", "multipart"):
        fields: dict[str, Any] = {name: texts[0] if len(texts) == 1 else texts for name, texts in body.fields.items()}
        return fields | dict.fromkeys(body.files, "")
    if body.family == "json" and len(body.values) == 1:
        return body.values[0]
    return UNKNOWN


def places_of(error: Error, root: Any) -> list[Said]:
    """What an error says, at its place, and of the choices of one of several kinds of objects there; nothing where it
    names no place."""
    meaning, where = error.meaning, error.where
    told: list[str] | None = None
    if where == meaning.name == "body" and not error.path and isinstance(root, dict):
        error = error._replace(path=("body",))  # there is one: a member of it is called so
    if where == "body":
        names, is_union, is_last, told = walk(error, root)
    else:
        if not error.path or not isinstance(error.path[0], str):
            return []
        names = [error.path[0]] + ["*" for step in error.path[1:2] if isinstance(step, int)]
        is_last = is_union = any(isinstance(step, str) for step in error.path[1:])
    if any(map(is_marked, names)):  # a name that is secret is another in every run
        return []
    if where == "header":
        names[0] = names[0].lower()
    kind = meaning.kind.rstrip("*")
    if meaning.missing and not meaning.listed and where == "body" and not is_missing(names, meaning.kind, root):
        return []
    if meaning.kind == "missing*" and where != "body":
        return []
    if meaning.kind == "missing*" and names and names[0] in AMBIGUOUS:
        where = PROSE.strip()
    said = Said(
        f"{where} {'/'.join(names)}".strip(),
        meaning.missing and not is_last,
        kind,
        "" if is_last else meaning.type,
        () if is_union else meaning.choices,
        meaning.doubtful,
    )
    if is_union and not is_last and told is not None and meaning.choices:
        return [said, said._replace(place=f"body {'/'.join(told)}", choices=meaning.choices)]
    return [said]


def is_missing(names: list[str], kind: str, root: Any) -> bool:
    """Whether a place that somebody calls missing can be. Bare words are believed only where a body is without them."""
    value = root
    for name in names:
        if not isinstance(value, dict):
            break
        if name not in value:
            return kind != "missing*" or len(names) == 1 or name not in AMBIGUOUS
        value = value[name]
    else:
        return value is None or value == "" or value is UNKNOWN
    return kind != "missing*"


def walk(error: Error, root: Any) -> tuple[list[str], bool, bool, list[str] | None]:
    """The names down to a place in a body; whether there were words for models of a union on the way, and whether the
    last step was one; and the names with those words (``=mode=a``), None where one is no value of the object's own.
    ``*`` stands for positions."""
    names: list[str] = []
    told: list[str] | None = []
    value = root
    is_tag = is_union = False
    for number, step in enumerate(error.path):
        last = number == len(error.path) - 1
        is_tag = False
        known = len(names)
        if isinstance(value, dict) and str(step) in value:
            names.append(str(step))
            value = value[str(step)]
        elif isinstance(step, int) and isinstance(value, dict):
            pass  # Cerberus, whose errors of an object stand in a list
        elif isinstance(step, int):
            names.append("*")
            value = value[step] if isinstance(value, list) and 0 <= step < len(value) else UNKNOWN
        elif is_member(step, value, error, last=last, first=not names):
            names.append(step)
            value = UNKNOWN
        else:
            is_tag = True
        is_union = is_union or is_tag
        added = tags_of(step, value) if is_tag else names[known:]
        told = [*told, *added] if told is not None and not (is_tag and not added) else None
    return names, is_union, is_tag and error.tagged, told


def tags_of(step: Step, value: Any) -> list[str]:
    """The step as the value of the one member of an object that has it (``=mode=a``): nothing where none has."""
    names = [name for name, each in value.items() if each == step] if isinstance(value, dict) else []
    return [f"={names[0]}={step}"] if len(names) == 1 and isinstance(step, str) and not is_marked(step) else []


def is_member(step: str, value: Any, error: Error, *, last: bool, first: bool) -> bool:
    """Whether a step is a member that a value lacks, not a word for what was tried."""
    is_object = isinstance(value, dict) or (first and not isinstance(value, list))
    if value is UNKNOWN:
        return not (error.tagged and is_word_for_a_type(step, error.path, last))
    if error.tagged:  # a member that is not there can only be missing
        return is_object and last and error.meaning.missing
    return is_object


def is_word_for_a_type(step: str, path: tuple[Step, ...], last: bool) -> bool:
    """Whether a step is Pydantic's word for one of the types of a union, where no value can tell: ``list[int]``,
    ``function-after[f(), Cat]``, ``int``, and ``Cat`` where members are not written so."""
    if "[" in step or "(" in step or (last and step in SCALARS):
        return True
    return not last and bool(re.fullmatch(r"[A-Z]\w*[a-z]\w*", step)) and not str(path[-1])[:1].isupper()
