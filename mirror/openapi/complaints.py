"""Where validation errors stand in an answer: lists of entries, names over sentences, sentences alone.

``look`` goes through a JSON value for any of these, under whatever envelope (``detail``, ``errors``, ``extra`` ...):

    [{"loc": ["body", "items", 0, "qty"], "type": "missing", "msg": ...}]        Pydantic, FastAPI, Flask-Pydantic
    [{"key": "items[0].qty", "message": ..., "source": "body"}]                  Litestar, problem+json, and by hand
    {"json": {"items": {"0": {"qty": ["Missing data for required field."]}}}}    marshmallow, webargs, APIFlask
    {"items": [{}, {"qty": ["This field is required."]}]}                        Django REST framework
    {"items.0.qty": "'qty' is a required property"}                              Flask-RESTX, Laravel
    "'qty' is a required property"                                               jsonschema, Connexion
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from mirror.openapi.options import Options, options_beside
from mirror.openapi.sentences import Meaning, Reading, of_options, of_pydantic, read, read_alone, read_beside

Step = str | int

LOCATIONS = {
    word: place
    for place, words in {
        "path": "path path_params view_args",
        "query": "query query_params querystring query_string args",
        "header": "header headers",
        "cookie": "cookie cookies",
        "body": "body json form files body_params form_params form_data formdata json_or_form form_and_files",
    }.items()
    for word in words.split()
}
EVERYWHERE = frozenset({"path", "query", "header", "cookie", "body"})
PHRASES = {  # Flask-RESTX's reqparse
    "the query string": "query",
    "the http headers": "header",
    "cookies": "cookie",
    "the json body": "body",
    "the post body": "body",
    "an uploaded file": "body",
}
ENVELOPES = (
    "detail errors error messages message validation_error validation_errors extra invalid-params invalid_params "
    "invalidParams details issues violations fields field_errors description reason msg title"
).split()
NAMES = "loc field name param parameter property path pointer instancePath key location attribute attr".split()
SENTENCES = "msg message detail reason error description defaultMessage title".split()
SOURCES = "in source location".split()
ITSELF = frozenset({"", "_schema", "non_field_errors", "__root__", "__all__"})
"""Keys under which the errors of an object as a whole stand."""

DEEPEST = 12
MOST_LEAVES = 2000
LONGEST = 100_000
"""Characters of a string that may be an answer itself."""
SHORT = 4000
"""The same, of an answer as Python shows it."""

SEPARATORS = re.compile(r"\s*->\s*|[./\[\]]+")
# str() of Pydantic's error: the place on a line of its own, the sentence on the next.
LISTING = re.compile(r"\d+ validation errors? for .+\n")
LISTED = re.compile(r"^(?P<loc>\S.*)\n  (?P<msg>.*) [\[(]type=(?P<type>[\w.]+)[^\n]*$", re.MULTILINE)
# str() of jsonschema's: the sentence, then the schema, then the instance with its path (``On instance['a'][0]:``).
FAILED, INSTANCE = "\n\nFailed validating ", "\n\nOn instance"
PLACED = re.compile(r"(?P<loc>[\w.\[\]>-]+(?: -> [\w.]+)*): (?P<msg>.+)", re.DOTALL)
STRING = re.compile(r"'((?:[^'\\]|\\.)*+)'|\"((?:[^\"\\]|\\.)*+)\"")
RESTX = "Input payload validation failed"


class Error(NamedTuple):
    """One error as an answer has it. ``where`` is empty where no location was said; ``tagged`` tells that the path may
    have steps that are no members (Pydantic's unions)."""

    where: str
    path: tuple[Step, ...]
    meaning: Meaning
    tagged: bool = False


class Found(NamedTuple):
    """The errors of an answer, and the locations of which it lists all: None for those that its errors are at."""

    errors: list[Error]
    checked: frozenset[str] | None = frozenset()


def look(value: Any, where: str = "", wrapped: bool = False, depth: int = 0) -> Found | None:
    """The errors in a value; None where it has none. ``wrapped`` tells that it stands under a word for errors."""
    if depth > DEEPEST:
        return None
    if isinstance(value, str):
        return in_text(value, where, depth)
    if isinstance(value, list):
        return of_pydantics(value, where) or entries(value, where) or leaves(value, where, wrapped) or all_of(
            look(each, where, wrapped, depth + 1) for each in value[:100] if isinstance(each, str)
        )  # fmt: skip
    if not isinstance(value, dict):
        return None
    inner = [value[name] for name in ENVELOPES if value.get(name)]
    bare = leaves(value, where, wrapped)
    if (
        bare
        and bare.checked is None
        and not all(error.path[:1] == () or error.path[0] in ENVELOPES for error in bare.errors)
    ):
        return by_location(value, depth) or bare
    return (
        by_location(value, depth)
        or first(look(each, where, True, depth + 1) for each in inner if not isinstance(each, str))
        or entries([value], where)
        or bare
        or first(look(each, where, True, depth + 1) for each in inner if isinstance(each, str))
    )


def first(found: Iterable[Found | None]) -> Found | None:
    return next((each for each in found if each is not None), None)


def all_of(founds: Iterable[Found | None]) -> Found | None:
    found = [each for each in founds if each is not None]
    if not found:
        return None
    whole = all(each.checked is None for each in found)
    return Found([error for each in found for error in each.errors], None if whole else frozenset())


def by_location(value: dict[str, Any], depth: int) -> Found | None:
    """``{"json": ..., "query": ...}``"""
    if not value or not all(name in LOCATIONS and isinstance(each, dict | list) for name, each in value.items()):
        return None
    if any(isinstance(each, list) and not all(isinstance(one, dict) for one in each) for each in value.values()):
        return None  # the errors of a field that is called so
    return all_of(look(each, LOCATIONS[name], True, depth + 1) for name, each in value.items())


# Lists of entries -----------------------------------------------------------------------------------------------------


def of_pydantics(listed: list[Any], where: str) -> Found | None:
    """``ValidationError.errors()``, and FastAPI's, whose places begin with a location."""
    errors: list[Error] = []
    invalid = False
    for entry in listed:
        if not isinstance(entry, dict):
            return None
        loc, kind, message = entry.get("loc"), entry.get("type"), entry.get("msg")
        if not (isinstance(loc, list) and isinstance(kind, str) and isinstance(message, str)):
            return None
        path = tuple(step for step in loc if isinstance(step, str | int))
        if kind in ("json_invalid", "value_error.jsondecode"):
            invalid = True
        elif kind.startswith("union_tag_"):
            errors.append(Error(where, *of_tag(path, kind, entry.get("ctx")), tagged=True))
        else:
            errors.append(Error(where, path, of_pydantic(kind, message, entry.get("ctx")), tagged=True))
    if not errors:
        return None
    if not where and all(is_located(error.path) for error in errors):
        errors = [error._replace(where=str(error.path[0]), path=error.path[1:]) for error in errors]
        return Found(errors, EVERYWHERE - {"body"} if invalid else EVERYWHERE)
    return Found(errors, None)


def is_located(path: tuple[Step, ...]) -> bool:
    return bool(path) and path[0] in EVERYWHERE and (len(path) > 1 or path[0] == "body")


def of_tag(path: tuple[Step, ...], kind: str, context: Any) -> tuple[tuple[Step, ...], Meaning]:
    """The member that tells which of several models is meant, and what was wrong with it."""
    context = context if isinstance(context, dict) else {}
    member = str(context.get("discriminator") or "").strip("'")
    meaning = of_pydantic("literal_error", "", {"expected": context.get("expected_tags")})
    return ((*path, member) if member.isidentifier() else path), meaning._replace(
        kind=kind, missing=kind == "union_tag_not_found" and member.isidentifier()
    )


def entries(listed: list[Any], where: str) -> Found | None:
    """Objects with the name of a place and a sentence, each by one of the usual words for it."""
    errors: list[Error] = []
    whole = True
    for entry in listed:
        if not isinstance(entry, dict):
            return None
        source = next((key for key in SOURCES if is_source(entry.get(key))), "")
        name = next((key for key in NAMES if key != source and isinstance(entry.get(key), str | list)), "")
        sentence = next((entry[key] for key in SENTENCES if key != name and isinstance(entry.get(key), str)), "")
        reading, told = read(sentence), options_beside(entry)
        if told is not None and (reading is None or reading.meaning.kind == "choice"):
            whole = False
            path = steps(entry[name]) if name else ()
            found = (named("", path, beside(told)), named("", (), beside(told, sentence)))
            errors += [error for error in found if error.path]
            continue
        if reading is None and name:
            reading = read_beside(sentence) or (Reading(Meaning("other")) if source and entry[name] else None)
        if reading is None or not (name or source):
            whole = False
            continue
        whole = whole and reading.meaning.listed
        path = steps(entry[name]) if name else ()
        errors.append(named(LOCATIONS[entry[source]] if source else where, path, reading))
    return Found(errors, None if whole else frozenset()) if errors else None


def beside(told: Options, sentence: str = "") -> Reading:
    """The meaning of a list beside what may be the name of a place, or in a sentence that says what it is about: the
    request has to have that."""
    reading = of_options(told, sentence) or Reading(Meaning())
    return reading._replace(meaning=reading.meaning._replace(kind="choice*"))


def is_source(value: Any) -> bool:
    return isinstance(value, str) and value in LOCATIONS


def steps(path: Any) -> tuple[Step, ...]:
    """The steps of a path as it is written: ``items[0].qty``, ``$.items[0].qty``, ``#/items/0/qty``, or a list."""
    parts = path if isinstance(path, list) else SEPARATORS.split(path)
    parts = [part for part in parts if isinstance(part, str | int) and part not in ("", "$", "#")]
    return tuple(int(part) if isinstance(part, str) and part.isdecimal() and len(part) < 9 else part for part in parts)


def named(where: str, path: tuple[Step, ...], reading: Reading) -> Error:
    """An error, its place completed by what its sentence says."""
    meaning = reading.meaning
    path += steps(reading.path.replace("'", ""))
    if meaning.name:
        path = (*path, meaning.name)
    if meaning.where:
        where = LOCATIONS.get(meaning.where) or PHRASES.get(meaning.where, where)
    if not where and is_located(path):
        where, path = str(path[0]), path[1:]
    return Error(where, path, meaning)


# Names over sentences -------------------------------------------------------------------------------------------------


class Leaf(NamedTuple):
    """``told`` are the choices that stand beside the sentence."""

    path: tuple[Step, ...]
    sentence: str
    listed: bool
    told: Options | None = None


def leaves(value: dict[str, Any] | list[Any], where: str, wrapped: bool) -> Found | None:
    """Sentences, each under the names of its place. At least one has to be a library's; among those of a library the
    others are somebody's own. What people write counts only under a word for errors."""
    errors: list[Error] = []
    own: list[Error] = []
    whole = False
    for leaf in islice(collect(value, ()), MOST_LEAVES):
        if not leaf.path:
            continue
        name = leaf.path[-1]
        reading = read(leaf.sentence) or (read_beside(leaf.sentence) if wrapped else None)
        if leaf.told is not None and wrapped and (reading is None or reading.meaning.kind == "choice"):
            reading = of_options(leaf.told)
        if not leaf.listed and name in ENVELOPES and (reading is None or reading.meaning.name != name):
            continue
        if reading is None and not leaf.listed:
            continue
        if reading is None:
            own.append(Error(where, leaf.path, Meaning("other")))
            continue
        whole = whole or (reading.meaning.listed and leaf.listed)
        if name == reading.meaning.name:
            reading = reading._replace(meaning=reading.meaning._replace(name=""))
        errors.append(named(where, tuple(step for step in leaf.path if step not in ITSELF), reading))
    if not errors:
        return None
    return Found(errors + own, None) if whole else Found(errors)


def collect(value: Any, path: tuple[Step, ...]) -> Iterator[Leaf]:
    if len(path) > DEEPEST:
        return
    if isinstance(value, str):
        yield Leaf(path, value, False)
    elif isinstance(value, dict):
        told = options_beside(value)
        sentence = next((value[key] for key in SENTENCES if isinstance(value.get(key), str)), None)
        if path and told is not None and sentence is not None:
            yield Leaf(path, sentence, False, told)
            return
        for name, inner in value.items():
            yield from collect(inner, (*path, *(steps(str(name)) or ("",))))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            said = (
                next((inner[key] for key in ("message", "msg") if key in inner), None)
                if isinstance(inner, dict)
                else inner
            )
            if isinstance(said, str):
                yield Leaf(path, said, True)
            else:
                yield from collect(inner, (*path, place))


# Sentences alone ------------------------------------------------------------------------------------------------------


def in_text(text: str, where: str, depth: int) -> Found | None:
    """The error in a sentence that names its place, or those in an answer that was put into a string."""
    if len(text) > LONGEST:
        return None
    if text[:1] in ("{", "["):
        for is_python in (False, True):
            try:
                written = STRING.sub(as_json, text[:SHORT]) if is_python else text
                return look(msgspec.json.decode(written), where, True, depth + 1)
            except (msgspec.MsgspecError, RecursionError, UnicodeError):
                continue
        return None
    if LISTING.match(text):
        found = LISTED.finditer(text)
        return of_pydantics([entry.groupdict() | {"loc": list(steps(entry["loc"]))} for entry in found], where)
    sentence, _, rest = text.partition(FAILED)
    reading = read(sentence)
    if reading is not None and rest:
        reading = reading._replace(path=rest.partition(INSTANCE)[2].partition(":")[0])
    if reading is None and (placed := PLACED.fullmatch(text)) and (reading := read(placed["msg"])) is not None:
        return Found([named(where, steps(placed["loc"]), reading)])
    if reading is None or not (reading.meaning.name or reading.path):
        reading = read_alone(text)
    if reading is None:
        return None
    return Found([named(where, (), reading)])


def as_json(found: re.Match[str]) -> str:
    """A string of Python's as JSON has it."""
    text = found[1] if found[1] is not None else found[2]
    return msgspec.json.encode(re.sub(r"\\(.)", r"\1", text)).decode()
