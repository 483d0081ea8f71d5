"""Mirror's own schemas made wider: more kinds of values."""

from __future__ import annotations

from mirror.openapi.marks import EVIDENCE, NOTES
from mirror.openapi.meeting import Json, Meeting

BRANCHES = ("oneOf", "anyOf")
OF_OBJECTS = ("properties", "required", "additionalProperties")
OF_ARRAYS = ("items", "prefixItems", "minItems", "maxItems")


def allow(stands: Json, seen: Json, told: list[str], extra: list[str], meeting: Meeting) -> None:
    """Let a schema allow the kinds ``extra`` beside those that it has ``told``."""
    if meeting.old and extra == ["null"]:
        stands["nullable"] = True
        return
    if meeting.old:
        inner = {key: stands.pop(key) for key in list(stands) if key not in NOTES and not key.startswith("x-")}
        other = {key: value for key, value in seen.items() if key != EVIDENCE}
        stands["anyOf"] = [inner, meeting.fresh(other)]
        return
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
    for kind, keys in (("object", OF_OBJECTS), ("array", OF_ARRAYS), ("string", ("format", "contentEncoding"))):
        for key in keys if kind in extra else ():
            if key in seen:
                meeting.put(stands, key, seen[key])
