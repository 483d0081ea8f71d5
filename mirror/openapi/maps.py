"""Which objects are maps, whose keys are values."""

from __future__ import annotations

import re
from typing import Any

from mirror.formats import format_of
from mirror.openapi.groups import members_in
from mirror.openapi.known_errors import PLACES
from mirror.openapi.merging import copy
from mirror.openapi.shape import Members, Objects, Shape

KEY_FORMATS = frozenset(
    {"integer", "uuid", "date", "date-time", "email", "hex", "token", "ipv4", "ipv6", "uri", "number"}
)
# Codes of countries, languages, currencies.
CODE = re.compile(r"[A-Z]{2,3}(?:-[A-Z]{2,3})?")
# Names of objects whose members are as many as there are things to tell of.
MAP = re.compile(
    r"(?:.*[_-]|.*(?=[A-Z]))?(?:labels|values|metrics|counts|checks|attributes|translations|scores|totals|annotations|"
    r"counters|by_\w+|By[A-Z]\w*|map|dict|env|environment|headers|metadata|extras?)|\w+_by_\w+|\w+By[A-Z]\w*",
)
# Names of objects that say by the names of fields what is wrong with them.
ERRORS = re.compile(
    r"(?:.*[_-])?(?:errors|messages|json|query|querystring|form|fields|details?|problems)", re.IGNORECASE
)
KEYS = 4
"""Words that values stand under which are all alike, before they are taken for keys."""
RECORDS = 3
"""Words that objects with the same members stand under, before one that is always there is a key as well."""


def is_map(whole: Members, objects: Objects, name: str = "") -> bool:
    """Whether the keys are values themselves: identifiers, dates, numbers; or words, where what stands under them is
    all alike, and they come and go or the ``name`` of the whole says so."""
    members = whole.members
    if not members:
        return False
    if all(format_of(key) in KEY_FORMATS for key in members):
        return len(members) > 1 or objects.count <= 2
    if is_of_errors(whole, name) or is_of_sentences(whole, name):
        return True
    if not are_alike(list(members.values())):
        return False
    if len(members) > 1 and all(map(CODE.fullmatch, members)):
        return True
    if MAP.fullmatch(name) or (ERRORS.fullmatch(name) and all(shape.arrays is not None for shape in members.values())):
        return True
    kept = [keys for keys in objects.variants or () if keys != "[]"]
    is_nested = any(shape.objects is not None for shape in members.values())
    come_and_go = objects.variants is None or len(kept) >= (2 if is_nested else 3)
    if is_nested and len(members) >= RECORDS and come_and_go:
        return True
    if any(shape.count >= whole.count for shape in members.values()) or len(kept) == 1:
        return False
    return len(members) >= (2 if is_nested else KEYS) and come_and_go


def map_values(objects: Objects, name: str, is_record: bool) -> Shape | None:
    """The values of maps, whatever their keys: all of them together, so that who goes on to them does it once. None
    where objects have members of their own, as ``is_record`` says that they do; ``name`` is that of the whole."""
    if objects.values is not None:
        return objects.values
    whole = objects.joined()
    if is_record or not is_map(whole, objects, name):
        return None
    values = Shape()
    is_told = is_of_errors(whole, name)
    if not is_told and is_of_sentences(whole, name):
        return values  # what stands beside sentences may be anything
    if is_told and not whole.members.keys().isdisjoint(PLACES):
        return values  # beside errors of places whatever else there is to tell
    for member in whole.members.values():
        values.merge(copy(member))
    if is_told:
        open_up(values)
    return values


def is_of_errors(whole: Members, name: str) -> bool:
    """Whether objects say in sentences what is wrong with fields, and with the fields of those (marshmallow, Django
    REST framework), or with the fields of places (``json``) beside something else. Names of places alone are none of
    fields."""
    members = [shape for key, shape in whole.members.items() if key in PLACES] or [*whole.members.values()]
    return (
        ERRORS.fullmatch(name) is not None
        and not whole.members.keys() <= PLACES
        and any(True for shape in members for _ in members_in(shape))
        and all(map(are_lists_of_texts, members))
        and any(map(has_sentence, members))
    )


def is_of_sentences(whole: Members, name: str) -> bool:
    """Whether objects say of fields in a sentence what is wrong with each, but one member, which tells
    something else (``{"current": 2}``). None is always there."""
    members = whole.members.values()
    told = [shape for shape in members if is_sentence(shape)]
    return (
        ERRORS.fullmatch(name) is not None
        and len(told) >= max(KEYS, len(members) - 1)
        and len(told) < len(members)
        and all(shape.count < whole.count for shape in members)
    )


def is_sentence(shape: Shape) -> bool:
    texts = shape.strings
    return (
        shape.kinds == {"string"}
        and texts is not None
        and (texts.values is None or all(" " in text for text in texts.values))
    )


def are_lists_of_texts(shape: Shape) -> bool:
    """Whether values are lists of texts, or objects of such lists, or lists of those."""
    elements = set() if shape.arrays is None else shape.arrays.items.kinds
    return (
        shape.kinds <= {"array", "object"}
        and elements <= {"string", "object"}
        and all(map(are_lists_of_texts, members_in(shape)))
    )


def has_sentence(shape: Shape) -> bool:
    texts = None if shape.arrays is None else shape.arrays.items.strings
    if texts is not None and (texts.values is None or any(" " in text for text in texts.values)):
        return True
    return any(map(has_sentence, members_in(shape)))


def open_up(shape: Shape) -> None:
    """Let objects in values be maps of anything: how deep fields have fields is not for tests to say."""
    for each in (shape, None if shape.arrays is None else shape.arrays.items):
        if each is not None and each.objects is not None:
            each.objects.mix()
            each.objects.values = Shape()


def are_keys(told: list[dict[str, Any]], accepted: Members) -> bool:
    """Whether what only refusals have named are keys of a map; ``told`` are the schemas of what was expected there.
    They are more than the members that were ever accepted, and all of one type, as those are."""
    if len(told) < KEYS or len(told) <= len(accepted.members) or any(each != told[0] for each in told):
        return False
    kind = "number" if told[0]["type"] == "integer" else told[0]["type"]
    return "enum" not in told[0] and all(kinds_of(shape) <= {kind} for shape in accepted.members.values())


def are_alike(shapes: list[Shape]) -> bool:
    """Whether values are all of one kind, and objects have all the same members."""
    kinds = {frozenset(kinds_of(shape)) for shape in shapes}
    if len(kinds - {frozenset()}) != 1 or any(len(each) > 1 for each in kinds):
        return False
    keys = {frozenset(shape.objects.joined().members) for shape in shapes if shape.objects is not None}
    return len(keys) <= 1


def kinds_of(shape: Shape) -> set[str]:
    return {"number" if kind in ("integer", "nonfinite") else kind for kind in shape.kinds} - {"null"}
