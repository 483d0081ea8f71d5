"""What was seen of values, held against the schema that stands there.

A schema that mirror wrote itself becomes as wide as it has to be, never narrower: an earlier run has seen what this one
may not have. A person's schema stays; where it does not allow what was seen, that is a conflict. Properties that it
lacks are added to both: that contradicts nobody. What it leaves open (a format, a limit) it may leave so on purpose.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from mirror.formats import SCHEMA_FORMATS
from mirror.openapi.alternatives import add_branch, can_hold, is_kin, says, stand_beside, still_apart, tag_of
from mirror.openapi.marks import EVIDENCE, facts, samples_of
from mirror.openapi.meeting import SCHEMAS, At, Findings, Json, Meeting
from mirror.openapi.said import BRANCHES, but_null, each_kind, elements_of, enumeration, kinds, merged, named, weight
from mirror.openapi.shown import Shown, beyond
from mirror.openapi.version30 import in_31, lowered, raised
from mirror.openapi.wider import allow, fill, is_anything, kinds_of, loosen, open_up, replace, span

ENOUGH = 2
"""Objects of a request that have to be seen before a name that is not required is taken for one that is left out."""


class Widening:
    """Compares schemas of one meeting."""

    def __init__(self, meeting: Meeting) -> None:
        self._meeting = meeting
        self._shown = Shown(meeting)
        self._made: dict[tuple[int, Any], list[Json]] = {}  # kept, because what was visited is known by its id
        self._kept: list[Json] = []  # likewise
        self._raised: set[int] = set()

    def schema(self, stands: Any, seen: Any, at: At) -> None:
        """Bring what was seen into what stands there, or tell the conflict."""
        if stands is False:
            self._meeting.conflict(at, stands, seen)
        if not isinstance(stands, dict) or not isinstance(seen, dict):
            return
        name = self._meeting.component(seen)
        if "$ref" in stands:
            target, reference = self._meeting.followed(stands)
            if name is not None and reference is not None and not self._meeting.frozen:
                self._meeting.names.setdefault(name, reference)
            if target is None:
                if name is not None and reference is not None and reference.startswith(SCHEMAS):
                    self._meeting.wanted.setdefault(reference.removeprefix(SCHEMAS), name)
                return
            stands, at = target, msgspec.structs.replace(at, pointer=reference or at.pointer, own=False)
        if name is not None:
            at = at.within(name, self._meeting.answers)
        key = (id(stands), (name if name is not None else id(seen), at.doubtful))
        # What is being compared already, around this, fits if the rest of it does: trees refer to themselves.
        if key in self._meeting.visited or key in self._meeting.under_way:
            return
        self._meeting.visited.add(key)
        self._meeting.under_way.add(key)
        try:
            self._compare(stands, self._meeting.seen(seen), at.owned(self._meeting.is_own(stands, at.own)))
        finally:
            self._meeting.under_way.discard(key)

    def _compare(self, stands: Json, seen: Json, at: At) -> None:
        """Compare two schemas. Mirror's own ones of 3.0 are compared in the words of 3.1, and written down in 3.0."""
        if not (at.own and self._meeting.old) or stands == {"type": "null"}:
            self._join(stands, seen, at)
            return
        seen = self._parts(seen, in_31)[0]
        if id(stands) in self._raised:
            self._join(stands, seen, at)
            return
        self._raised.add(id(stands))
        before, made = dict(stands), raised(stands)
        self._kept += [before, made]
        replace(stands, made)
        self._join(stands, seen, at)
        after = lowered(stands, lambda inner: inner, kinds_of(stands, self._meeting))
        replace(stands, before if after == before else after)
        self._raised.discard(id(stands))

    def _join(self, stands: Json, seen: Json, at: At) -> None:
        if at.own and (is_anything(stands) or is_anything(seen)):
            open_up(stands, at, self._meeting)
        elif "allOf" in stands:
            self._all_of(stands, seen, at)
        elif keyword := next((key for key in BRANCHES if isinstance(stands.get(key), list)), None):
            self._branches(stands, keyword, seen, at)
        elif at.own and not facts(stands, True) and "properties" not in stands:
            fill(stands, seen, self._meeting)
        elif at.own and "oneOf" in seen and not can_hold(stands, seen, self._meeting):
            stand_beside(stands, seen, self._meeting)
            self._meeting.changed(at)
        elif keyword := next((key for key in BRANCHES if key in seen), None):
            for branch in seen[keyword]:
                self._compare(stands, self._meeting.seen(branch), at)
        else:
            self._plain(stands, seen, at)
        self._meeting.take_evidence(stands, seen)

    def _plain(self, stands: Json, seen: Json, at: At) -> None:
        if not (at.own or self._meeting.strict) and self._shown.fits(stands, at):
            return
        told, shown = kinds(stands), kinds(seen)
        if told is not None and shown is not None:
            extra = beyond(told, shown)
            if extra and at.own:
                self._meeting.changed(at)
                allow(stands, seen, told, extra, self._meeting)
            elif extra and (self._meeting.strict or self._shown.has_shown(told, shown, at)):
                self._meeting.conflict(at.to("type"), stands.get("type"), self._shown.type_in(seen, shown, at))
            if not any(kind in told or (kind == "integer" and "number" in told) for kind in shown):
                return
        both = [kind for kind in shown or () if told is None or kind in told]
        self._words(stands, seen, at)
        loosen(stands, seen, at, self._meeting)
        if "string" in both:
            self._format(stands, seen, at)
        if "object" in both:
            self._object(stands, seen, at)
        if "array" in both:
            self._array(stands, seen, at)

    # Kinds ------------------------------------------------------------------------------------------------------------

    def _words(self, stands: Json, seen: Json, at: At) -> None:
        known, words = enumeration(stands), enumeration(seen)
        if known is None:
            return
        key = "enum" if "enum" in stands else "const"
        if words is None:
            strays = self._shown.strays(known, stands, seen, at)
            if at.own and strays != [] and "const" not in stands:
                del stands["enum"]  # what was seen is not among it, as far as that is known
                self._meeting.changed(at)
            elif not at.own and strays and at.sure:
                self._meeting.conflict(at.to(key), stands[key], strays)
            return
        may_be_null = stands.get("nullable") is True and not at.own  # many leave it out of the words then
        fresh = [word for word in words if word not in known and not (word is None and may_be_null)]
        if fresh and at.own:
            stands.pop("const", None)
            stands["enum"] = merged(known, fresh)
            self._meeting.changed(at)
        elif fresh := self._shown.seen_among(fresh, at):
            self._meeting.conflict(at.to(key), stands[key], fresh)

    def _format(self, stands: Json, seen: Json, at: At) -> None:
        for key in ("format", "contentEncoding"):
            told, shown = stands.get(key), seen.get(key)
            if told is None or told == shown or "enum" in seen or "const" in seen:
                continue
            if at.own:
                del stands[key]
                self._meeting.changed(at)
            elif told in SCHEMA_FORMATS and not self._shown.have_format(told, at):
                self._meeting.conflict(at.to(key), told, self._shown.format_in(shown, at))

    # Objects ----------------------------------------------------------------------------------------------------------

    def _object(self, stands: Json, seen: Json, at: At) -> None:
        properties = stands.get("properties")
        rest = stands.get("additionalProperties")
        mine = properties if isinstance(properties, dict) else {}
        fresh = []
        for name, schema in named(seen, "properties").items():
            if name in mine:
                inner = at.to("properties", name)
                self.schema(mine[name], schema, inner if EVIDENCE not in stands else inner.owned(False))
            elif isinstance(rest, dict) and rest:
                self.schema(rest, schema, at.to("additionalProperties"))
            elif "patternProperties" in stands:
                continue
            elif rest is False and not at.own:
                if self._shown.places(at, name) != []:
                    self._meeting.conflict(at.to("additionalProperties"), False, name)
            elif id(stands) in self._meeting.shared or id(mine) in self._meeting.shared:
                self._meeting.conflict(at.to("properties", name), None, schema)
            else:
                fresh.append(name)
        if isinstance(seen.get("additionalProperties"), dict):
            self._map(stands, seen["additionalProperties"], mine, at)
        if fresh and isinstance(stands.get("properties", {}), dict):
            self._add(stands, seen, fresh, at)
        self._required(stands, seen, at)

    def _add(self, stands: Json, seen: Json, fresh: list[str], at: At) -> None:
        """Properties that nobody has described yet. They are required where they were always there and the words are
        mirror's, and where no earlier run has seen an object: that one was without them."""
        if not isinstance(stands.get("properties"), dict) and not self._meeting.frozen:
            self._meeting.put(stands, "properties", {}, ("type", "properties"))
        mine = stands.get("properties", {})
        always = seen.get("required", []) if at.own and weight(stands) == 0 else []
        for name in fresh:
            called = at.to("properties", name).pointer
            self._meeting.put(mine, name, seen["properties"][name], list(seen["properties"]), called)
        needed = [name for name in fresh if name in always]
        if needed and not self._meeting.frozen:
            if isinstance(stands.get("required"), list):
                stands["required"] = merged(stands["required"], needed, list(mine))
            else:
                self._meeting.put(stands, "required", needed, ("type", "properties", "required"))

    def _required(self, stands: Json, seen: Json, at: At) -> None:
        known = stands.get("required")
        count = samples_of(seen)
        enough = count >= ENOUGH if count is not None else bool(seen.get("required"))
        if not isinstance(known, list) or ("properties" not in seen and "additionalProperties" in seen):
            return  # a map says nothing of single names
        optional = [name for name in known if name not in seen.get("required", ())]
        if not (enough or at.maker == "response"):
            optional = [name for name in optional if self._shown.is_without(name, seen, at)]
        if not at.own:
            optional = [name for name in optional if self._shown.is_lacking(name, stands, seen, at)]
        self._left_out(stands, optional, at)

    def _left_out(self, stands: Json, optional: list[str], at: At) -> None:
        """Names that are called required, and were not always there."""
        known = stands["required"]
        left = [name for name in known if name not in optional]
        if optional and at.own:
            stands["required"] = left
            if not left:
                del stands["required"]
            self._meeting.changed(at)
        elif optional:
            self._meeting.conflict(at.to("required"), known, left)

    def _map(self, stands: Json, values: Json, mine: Json, at: At) -> None:
        """A map, maybe where objects with members of their own stand: any of its keys may have the name of one. Which
        had, the evidence tells; where it cannot, mirror's own words allow all that may have been."""
        rest, keys = stands.get("additionalProperties"), self._shown.keys(at)
        if isinstance(rest, dict) and rest:
            self.schema(rest, values, at.to("additionalProperties"))
        elif at.own and rest is None:
            self._meeting.put(stands, "additionalProperties", values, ("type", "properties", "required"))
            if mine:
                self._meeting.changed(at)
        elif rest is False and "patternProperties" not in stands and keys:
            strange = min((each.ever.difference(mine) for each in keys), key=len)
            for name in sorted(strange)[:1]:
                self._meeting.conflict(at.to("additionalProperties"), False, name)
        doubtful = at.own or self._meeting.frozen  # of a person's words only what is sure is told
        for name in mine if doubtful else ():
            if keys is None or any(name in each.ever for each in keys):
                inner = at.to("properties", name)
                self.schema(mine[name], values, inner if EVIDENCE not in stands else inner.owned(False))
        known = stands.get("required")
        if isinstance(known, list):
            which = any if doubtful else all
            lacking = [which(name not in each.always for each in keys) if keys else doubtful for name in known]
            self._left_out(stands, [name for name, gone in zip(known, lacking, strict=True) if gone], at)

    # Arrays -----------------------------------------------------------------------------------------------------------

    def _array(self, stands: Json, seen: Json, at: At) -> None:
        mine, theirs = stands.get("prefixItems"), seen.get("prefixItems")
        if isinstance(mine, list) and isinstance(theirs, list) and len(mine) == len(theirs):
            for number, (one, other) in enumerate(zip(mine, theirs, strict=True)):
                self.schema(one, other, at.to("prefixItems", str(number)))
            span(stands, seen, at, self._meeting, self._shown)
        elif isinstance(mine, list):
            if not at.own:
                if theirs is not None:
                    self._meeting.conflict(at.to("prefixItems"), mine, theirs)
                return
            for key in ("prefixItems", "minItems", "maxItems"):
                stands.pop(key, None)
            if not stands.get("items"):
                stands.pop("items", None)  # what is behind the positions, which is nothing
            self._meeting.changed(at)
            self._elements(stands, elements_of(seen), at)
            self._elements(stands, mine, at)
        else:
            self._elements(stands, elements_of(seen), at)
            span(stands, seen, at, self._meeting, self._shown)

    def _elements(self, stands: Json, schemas: list[Any], at: At) -> None:
        for schema in schemas:
            if "items" in stands:
                self.schema(stands["items"], schema, at.to("items"))
            elif id(stands) not in self._meeting.shared:
                self._meeting.put(stands, "items", schema, ("type", "items"), at.to("items").pointer)

    # Several schemas at once ------------------------------------------------------------------------------------------

    def _branches(self, stands: Json, keyword: str, seen: Json, at: At) -> None:
        branches = stands[keyword]
        if not at.own and sum(branch != {"type": "null"} for branch in branches) > 1:
            at = msgspec.structs.replace(at, sure=False)
        if stands.get("nullable") is True:
            seen = self._parts(seen, but_null)[0]
        several = next((seen[key] for key in BRANCHES if isinstance(seen.get(key), list)), None)
        for schema in self._parts(seen, each_kind) if several is None else several:
            number = next((at for at, branch in enumerate(branches) if says(self._meeting, branch, schema)), None)
            if number is None:
                tries = [self._tried(branch, schema, at) for branch in branches]
                fits = [(bool(tried.added), number) for number, tried in enumerate(tries) if not tried.conflicts]
                number = min(fits)[1] if fits else None
            if number is None and at.own:
                kin = [at for at, one in enumerate(branches) if is_kin(self._meeting, one, schema)]
                number = kin[0] if kin and (keyword == "anyOf" or len(kin) == 1) else None
                if number is None:
                    keyword = add_branch(stands, schema, self._meeting)
                    branches = stands[keyword]
                    self._meeting.changed(at)
                    continue
            if number is None:
                self._meeting.conflict(at.to(keyword), branches, schema)
                continue
            tag = tag_of(stands, self._meeting) if at.own and keyword == "oneOf" else ""
            self.schema(branches[number], schema, at.to(keyword, str(number)))
            if tag:
                keyword = still_apart(stands, branches[number], schema, self._meeting)

    def _parts(self, seen: Json, of: Callable[[Json], list[Json]]) -> list[Json]:
        """Parts of a learned schema, the same ones each time."""
        key = (id(seen), of)
        if key not in self._made:
            self._made[key] = of(seen)
        return self._made[key]

    def _tried(self, stands: Any, seen: Any, at: At) -> Findings:
        with self._meeting.trial(strict=at.own) as findings:
            self.schema(stands, seen, at)
        return findings

    def _all_of(self, stands: Json, seen: Json, at: At) -> None:
        """A composition is a person's: what it says of a property is compared, the rest is left alone."""
        parts = [self._meeting.followed(part)[0] for part in stands["allOf"]]
        known = [part for part in [*parts, stands] if part is not None]
        if len(known) <= len(parts):
            return  # some of it is in another file
        if len(parts) == 1 and not (stands.keys() & {"properties", "required", "type"}):
            rest = self._parts(seen, but_null)[0] if stands.get("nullable") is True else seen
            self.schema(stands["allOf"][0], rest, at.to("allOf", "0"))
            return
        fresh = {}
        for name, schema in named(seen, "properties").items():
            holder = next((part for part in known if name in named(part, "properties")), None)
            if holder is None:
                fresh[name] = schema
            else:
                self.schema(holder["properties"][name], schema, at.to("properties", name).owned(False))
        open_ = [part for part in stands["allOf"] if isinstance(part, dict) and "properties" in part] or [stands]
        if fresh and not any("allOf" in part or BRANCHES[0] in part or BRANCHES[1] in part for part in known[:-1]):
            self._add(open_[-1], {**seen, "properties": fresh}, list(fresh), at)
