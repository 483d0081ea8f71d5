"""Which of the operations that share a component has shown what contradicts it: the first that meets the component need
not be the one whose values did. And which places in bodies it describes: their values are its own, others of the same
name are not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from mirror.openapi.naming import METHODS
from mirror.openapi.said import BRANCHES, kinds, listed, named
from mirror.openapi.values_seen import Pointer, Values, ValuesSeen, Where


class Showing:
    """What the operations of a learned document have shown of its components; ``component`` is the name of the one that
    a schema refers to."""

    def __init__(
        self, learned: dict[str, Any], shown: ValuesSeen, component: Callable[[dict[str, Any]], str | None]
    ) -> None:
        self._learned = learned
        self._shown = shown
        self._component = component

    @cached_property
    def _users(self) -> dict[str, list[str]]:
        """The operations that a component is a part of, by the component's name."""
        schemas = named(named(self._learned, "components"), "schemas")
        within = {name: set(self._references(schema)) for name, schema in schemas.items()}
        found: dict[str, list[str]] = {}
        for template, item in named(self._learned, "paths").items():
            for method in item:
                if method not in METHODS and not method.startswith("x-"):
                    continue
                reached: set[str] = set()
                left = {*self._references(item[method])}
                while left:
                    reached |= left
                    left = {inner for name in left for inner in within.get(name, ())} - reached
                for name in reached:
                    found.setdefault(name, []).append(f"{method.removeprefix('x-').upper()} {template}")
        return found

    def _references(self, value: Any) -> Iterator[str]:
        """The components that something refers to."""
        left = [value]
        while left:
            each = left.pop()
            if isinstance(each, dict):
                name = self._component(each)
                if name is not None:
                    yield name
                left += each.values()
            elif isinstance(each, list):
                left += each

    def where(self, component: str) -> Where | None:
        """The places that a component describes, or (an empty name) that none does; None where there are none."""
        return self._described.get(component)

    @cached_property
    def _described(self) -> dict[str, dict[str, dict[str, set[Pointer]]]]:
        """The places in bodies that components describe, by their names; the empty one is that of no component."""
        found: dict[str, dict[str, dict[str, set[Pointer]]]] = {}
        for template, item in named(self._learned, "paths").items():
            for method, operation in item.items():
                key = f"{method.removeprefix('x-').upper()} {template}"
                if isinstance(operation, dict) and "responses" in operation:
                    for maker, body, schema in bodies(operation):
                        for name, pointer in self._walk(body, schema, self._shown.pointers(key, maker)):
                            found.setdefault(name, {}).setdefault(key, {}).setdefault(maker, set()).add(pointer)
        return found

    def _walk(self, body: str, whole: Any, known: set[Pointer]) -> Iterator[tuple[str, Pointer]]:
        """The components that describe places of a body, among those that are ``known``, and the places."""
        within: dict[Pointer, list[Pointer]] = {}
        for pointer in known:
            within.setdefault(pointer[:-1], []).append(pointer)
        components = named(named(self._learned, "components"), "schemas")
        left: list[tuple[str, Pointer, Any]] = [("", (body,), whole)]
        done = set()
        while left:
            owner, pointer, schema = left.pop()
            if pointer not in known or not isinstance(schema, dict) or (owner, pointer, id(schema)) in done:
                continue
            done.add((owner, pointer, id(schema)))
            yield owner, pointer
            name = self._component(schema)
            if name is not None:
                left.append((name, pointer, components.get(name)))
            for key in (*BRANCHES, "allOf"):
                left += [(owner, pointer, each) for each in listed(schema.get(key))]
            mine = named(schema, "properties")
            left += [(owner, (*pointer, each), inner) for each, inner in mine.items()]
            left += [
                (owner, (*pointer, "*"), each) for each in (schema.get("items"), *listed(schema.get("prefixItems")))
            ]
            rest = schema.get("additionalProperties")
            left += [(owner, each, rest) for each in within.get(pointer, ()) if rest and each[-1] not in mine]

    def of(self, component: str, first: str, spot: tuple[str, str], keyword: str, stands: Any, seen: Any) -> str:
        """The operation whose values at a spot of a component (see mirror.openapi.values_seen) are not as a keyword
        says: ``first`` if it is one or nobody can tell, else the first by name."""
        maker, name = spot
        names = [name]
        if keyword == "required":
            names = [each for each in listed(stands) if each not in listed(seen)]
        for operation in (first, *sorted(self._users.get(component, ()))):
            places = [each for one in names for each in self._shown.places(operation, (maker, one))]
            if any(contradicts(each, keyword, stands, seen) for each in places):
                return operation
        return first


def bodies(operation: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """The schemas of the bodies of a learned operation, by who makes them and what pointers call them."""
    parts = {"request": named(operation, "requestBody"), **operation["responses"]}
    for name, part in parts.items():
        for media, said in named(part, "content").items():
            for key in ("schema", "x-item-schema"):
                maker = "request" if name == "request" else "response"
                yield maker, f"{name.removeprefix('x-')} {media}", said.get(key)


def contradicts(values: Values, keyword: str, stands: Any, seen: Any) -> bool:
    """Whether values of a place are what contradicts a keyword."""
    if keyword in ("enum", "const"):
        return any(values.may_have(word) for word in listed(seen))
    if keyword == "type":
        told, shown = (kinds({"type": each}) or [] for each in (stands, seen))
        fresh = {each for each in shown if each not in told and not (each == "integer" and "number" in told)}
        return not fresh.isdisjoint(values.kinds)
    if keyword == "format":
        return bool(values.formats - {stands})
    return keyword == "required" and values.lacking
