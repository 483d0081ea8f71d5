"""What new things need to stand in a document: the components that they refer to, the security schemes, the tags."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from mirror.openapi.marks import BY_NAME, EVIDENCE, samples_of
from mirror.openapi.meeting import SCHEMAS, At, Json, Meeting
from mirror.openapi.naming import METHODS
from mirror.openapi.said import BRANCHES, listed, named
from mirror.openapi.widening import Widening


def operations(item: Any) -> Iterator[tuple[str, Json]]:
    """The methods of a path item and their operations; ``x-propfind`` stands for PROPFIND."""
    for name, operation in item.items() if isinstance(item, dict) else ():
        if isinstance(operation, dict) and (name in METHODS or (name.startswith("x-") and "responses" in operation)):
            yield name, operation


class Settling:
    """Settles one meeting. ``schemes`` are the learned security schemes, by the names of those that they are here."""

    def __init__(self, meeting: Meeting, widening: Widening) -> None:
        self._meeting = meeting
        self._widening = widening
        self._referred: set[int] = set()
        here = named(named(meeting.existing, "components"), "securitySchemes")
        known = {credentials(scheme): name for name, scheme in reversed(here.items()) if isinstance(scheme, dict)}
        self.schemes = {
            name: known.get(credentials(scheme), name)
            for name, scheme in named(named(meeting.learned, "components"), "securitySchemes").items()
        }

    def settle(self) -> None:
        """Bring in the components that what was added needs, and let it refer to those that are here."""
        meeting = self._meeting
        learned = named(named(meeting.learned, "components"), "schemas")
        standing = set(named(named(meeting.existing, "components"), "schemas"))
        while meeting.inserted or meeting.wanted:
            for name, source in list(meeting.wanted.items()):
                del meeting.wanted[name]
                if meeting.resolve(SCHEMAS + name) is None and source in learned:
                    meeting.put(self._section("schemas"), name, learned[source], called=name)
            while meeting.inserted:
                value, meeting.operation = meeting.inserted.pop(0)
                self._refer(value, learned)
        here = named(named(meeting.existing, "components"), "schemas")
        fresh = here.keys() - standing
        meeting.arrange(here, fresh, sorted({*learned, *fresh}))
        schemes = named(named(meeting.learned, "components"), "securitySchemes")
        for name in self._schemes_used():
            if name in schemes:
                meeting.put(self._section("securitySchemes"), name, schemes[name], list(schemes), name)
        meeting.inserted.clear()
        for mapping, word, branch in meeting.mapped:
            mapping[word] = branch["$ref"]
        self._tags()

    def security(self, stands: Json, seen: Json, own: bool, at: At) -> None:
        """What an operation asks for. That somebody had credentials contradicts nobody: only a denial does."""
        needed = [
            {self.schemes.get(name, name): scopes for name, scopes in each.items()} for each in seen.get("security", ())
        ]
        if not any(needed):
            return
        existing = self._meeting.existing
        denied = not {"401", "403"}.isdisjoint(seen["responses"])
        if "security" not in stands:
            silent = not existing.get("security") and not named(existing, "components").get("securitySchemes")
            if own and samples_of(stands):
                # It was let in with nothing once: where somebody has been denied since, it may do without.
                if denied:
                    stands["security"] = [*needed, {}]
                    self._meeting.changed(at.to("security"))
            elif own or (silent and EVIDENCE not in stands):
                self._meeting.put(stands, "security", seen["security"], seen, at.to("security").pointer)
            elif denied and not any(listed(existing.get("security"))):
                self._meeting.conflict(at.to("security"), None, needed)
        elif not any(listed(stands["security"])):
            if own:
                stands["security"] = needed
                self._meeting.changed(at.to("security"))
            elif denied:
                self._meeting.conflict(at.to("security"), stands["security"], needed)

    def _refer(self, value: Any, learned: Json, by_name: bool = False) -> None:
        """Let the references in something learned lead to the components here."""
        meeting = self._meeting
        for member in value if isinstance(value, list) else ():
            self._refer(member, learned)
        if not isinstance(value, dict):
            return
        mapping = named(named(value, "discriminator"), "mapping")
        if mapping and not by_name:
            branches = {each["$ref"]: each for each in listed(value.get("oneOf")) if "$ref" in each}
            meeting.mapped += [(mapping, word, branches[to]) for word, to in mapping.items() if to in branches]
        name = meeting.component(value)
        if name is not None and name in learned and id(value) not in self._referred:
            self._referred.add(id(value))
            if holds(meeting.resolve(meeting.names.get(name, SCHEMAS + name)), value):
                called = self._free(name, learned)  # nothing can be a branch of itself
                meeting.wanted[called] = name
                value["$ref"] = SCHEMAS + called
                meeting.names.setdefault(name, value["$ref"])
                return
            if name not in meeting.names:
                here = named(named(meeting.existing, "components"), "schemas")
                called = self._called(name, value, here, learned)
                meeting.names[name] = SCHEMAS + called
                if called in here:
                    at = At(meeting.operation, SCHEMAS + called, name=None)
                    self._widening.schema({"$ref": SCHEMAS + called}, value, at)
                else:
                    meeting.wanted[called] = name
            value["$ref"] = meeting.names[name]
        for key, member in value.items():
            if key == "security" and isinstance(member, list) and not by_name:
                value[key] = [{self.schemes.get(one, one): each[one] for one in each} for each in member]
            elif by_name or key not in ("example", "examples", "default", "enum", "const"):
                self._refer(member, learned, key in BY_NAME and not by_name)

    def _called(self, name: str, value: Json, here: Json, learned: Json) -> str:
        """What a learned component is called here that no place told: its name, unless that is something else here."""
        if name not in here:
            return name
        reference = SCHEMAS + name
        if reference not in self._meeting.names.values():
            with self._meeting.trial() as found:
                self._widening.schema({"$ref": reference}, value, At(self._meeting.operation, reference, name=None))
            if not (found.conflicts or found.added or found.changed) or self._is_kin(reference, learned[name]):
                return name
        return self._free(name, learned)

    def _free(self, name: str, learned: Json) -> str:
        """A name with a number that no component has."""
        taken = {*named(named(self._meeting.existing, "components"), "schemas"), *learned, *self._meeting.wanted}
        return next(f"{name}{number}" for number in count(2) if f"{name}{number}" not in taken)

    def _is_kin(self, reference: str, seen: Json) -> bool:
        """Whether most members of two objects have the same names, and all that was seen are described."""
        stands = self._meeting.resolve(reference)
        mine, theirs = named(stands or {}, "properties").keys(), named(seen, "properties").keys()
        return bool(mine) and theirs <= mine and len(theirs) * 2 >= len(mine)

    def _section(self, name: str) -> Json:
        """A part of the components; made where it is not there."""
        existing = self._meeting.existing
        if not isinstance(existing.get("components"), dict):
            self._meeting.put_instead(existing, "components", {})
        components: Json = existing["components"]
        if not isinstance(components.get(name), dict):
            self._meeting.put_instead(components, name, {})
        section: Json = components[name]
        return section

    def _schemes_used(self) -> list[str]:
        """The security schemes that operations ask for and nobody describes."""
        known = named(named(self._meeting.existing, "components"), "securitySchemes")
        used: dict[str, None] = {}
        for item in named(self._meeting.existing, "paths").values():
            for _, operation in operations(item):
                for each in listed(operation.get("security")):
                    used |= dict.fromkeys(each if isinstance(each, dict) else ())
        return [name for name in used if name not in known]

    def _tags(self) -> None:
        """Tags of new operations, where the tags are listed."""
        existing, mine = self._meeting.existing, self._meeting.existing.get("tags")
        if not isinstance(mine, list) or id(mine) in self._meeting.shared:
            return
        known = {str(each.get("name")) for each in mine if isinstance(each, dict)}
        learned = {each["name"]: each for each in self._meeting.learned.get("tags", ())}
        for item in named(existing, "paths").values():
            for _, operation in operations(item):
                for tag in listed(operation.get("tags")):
                    if isinstance(tag, str) and tag not in known and tag in learned:
                        mine.append(dict(learned[tag]))
                        known.add(tag)


def holds(schema: Any, value: Json) -> bool:
    """Whether something is a branch of a schema, or of one of its branches."""
    branches = [each for key in BRANCHES for each in listed(schema.get(key))] if isinstance(schema, dict) else []
    return any(each is value or holds(each, value) for each in branches)


def credentials(scheme: Json) -> tuple[str, ...]:
    """What a security scheme looks like in a request."""
    kind = str(scheme.get("type"))
    if kind == "apiKey":
        return kind, str(scheme.get("in")), str(scheme.get("name")).lower()
    return ("http", str(scheme.get("scheme")).lower()) if kind == "http" else ("http", "bearer")
