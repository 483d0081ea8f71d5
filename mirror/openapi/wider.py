"""Mirror's own schemas made wider: more kinds of values, other lengths."""

from __future__ import annotations

from mirror.openapi.marks import EVIDENCE, NOTES, facts, samples_of
from mirror.openapi.meeting import At, Json, Meeting
from mirror.openapi.notes import LIMITS, looser
from mirror.openapi.said import BRANCHES, basic_kinds
from mirror.openapi.shown import Shown
from mirror.openapi.version30 import OF_ARRAYS, OF_OBJECTS

OF_STRINGS = ("format", "contentEncoding", "minLength", "maxLength", "pattern")


def is_anything(schema: Json) -> bool:
    """Whether any value may stand there, by the word of a model: what was seen has a type else."""
    return bool(samples_of(schema)) and not facts(schema, True) and "properties" not in schema


def open_up(stands: Json, at: At, meeting: Meeting) -> None:
    """Let a schema allow any value."""
    if not is_anything(stands):
        replace(stands, {key: value for key, value in stands.items() if key.startswith("x-") or key in NOTES})
        meeting.changed(at)


def fill(stands: Json, seen: Json, meeting: Meeting) -> None:
    """Say of what nobody has seen yet what was seen now."""
    for key in seen:
        if key != EVIDENCE and key not in stands:
            meeting.put(stands, key, seen[key])


def allow(stands: Json, seen: Json, told: list[str], extra: list[str], meeting: Meeting) -> None:
    """Let a schema allow the kinds ``extra`` beside those that it has ``told``."""
    types = [kind for kind in told if kind != "null" and not (kind == "integer" and "number" in extra)]
    types += [kind for kind in extra if kind != "null"]
    types += ["null"] if "null" in (*told, *extra) else []
    stands["type"] = types[0] if len(types) == 1 else types
    if extra == ["null"]:
        if isinstance(stands.get("enum"), list):
            stands["enum"] = [*stands["enum"], None]
    else:
        stands.pop("enum", None)
    if "const" in stands:
        del stands["const"]
    for kind, keys in (("object", OF_OBJECTS), ("array", OF_ARRAYS), ("string", OF_STRINGS)):
        for key in keys if kind in extra else ():
            if key in seen:
                meeting.put(stands, key, seen[key])


def span(stands: Json, seen: Json, at: At, meeting: Meeting, evidence: Shown) -> None:
    """Take in how long arrays are. Mirror says so of tuples alone; what a person says, the evidence may contradict."""
    lengths = evidence.lengths(at) if at.sure and not at.own else []
    for key, wider, narrower in (("minItems", min, max), ("maxItems", max, min)):
        told, shown = stands.get(key), seen.get(key)
        if not isinstance(told, int):
            continue
        if at.own and (shown is None or wider(told, shown) != told):
            stands[key] = shown
            if shown is None:
                del stands[key]
            meeting.changed(at)
        elif not at.own:
            # Of several places each has to say so.
            shown = narrower((wider(each) for each in lengths), default=shown)
            if shown is not None and wider(told, shown) != told:
                meeting.conflict(at.to(key), told, shown)


def loosen(stands: Json, seen: Json, at: At, meeting: Meeting) -> None:
    """Take back limits of mirror's own that are not said any more of values of the types that were seen."""
    types = basic_kinds(seen)
    for key in LIMITS.keys() & stands.keys() if at.own else ():
        if LIMITS[key] not in types or "prefixItems" in stands or "prefixItems" in seen:
            continue
        limit = looser(key, stands[key], seen[key]) if key in seen else None
        if limit is None:
            del stands[key]
        elif limit == stands[key]:
            continue
        else:
            stands[key] = limit
        meeting.changed(at)


def replace(stands: Json, other: Json) -> None:
    """Let a mapping hold what another one does."""
    members = dict(other)
    stands.clear()
    stands.update(members)


def kinds_of(stands: Json, meeting: Meeting) -> dict[str, str]:
    """The types of what the branches of a schema refer to, by the references."""
    found = {}
    for branch in (each for key in BRANCHES for each in stands.get(key, ()) if isinstance(each, dict)):
        target = meeting.followed(branch)[0] if "$ref" in branch else None
        if target is not None and isinstance(target.get("type"), str):
            found[str(branch["$ref"])] = target["type"]
    return found
