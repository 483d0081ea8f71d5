"""From evidence to JSON Schema (2020-12, as OpenAPI 3.1 has it): what may be claimed of the values of a place.

Every schema holds for every value that it was learned from (law 9). What it claims beyond their types needs evidence,
or the word of the framework's model (mirror.openapi.word), which goes before what merely looks so:

    format      all strings have it
    enum        a refusal has named the choices; or few words were seen again and again under a name of a choice
    required    every object has it: of objects that a program made one is enough; of requests, which people write, two,
                or a refusal that says it is missing. A refusal that lists what is missing and does not name it says
                that it is not; and so does a model that may do without it.
    tuple       three arrays of one length or more, whose positions are of different kinds
    map         more members than anybody would declare, or keys that are values (numbers, dates, identifiers)
    oneOf       objects that a member of theirs tells apart, and that share little else
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import Any

from mirror.formats import SCHEMA_FORMATS
from mirror.openapi.choices import CHOICE, chosen, chosen_integers, is_among, is_repeated
from mirror.openapi.evidence import Refusal
from mirror.openapi.geojson import geojson_types
from mirror.openapi.groups import WORD, WORDS, Tagged, variants
from mirror.openapi.known_errors import known_error
from mirror.openapi.maps import are_keys, map_values
from mirror.openapi.notes import held_by, with_notes
from mirror.openapi.place import Place
from mirror.openapi.shape import KINDS, Arrays, Members, Objects, Shape
from mirror.openapi.strings import MIXED, Strings
from mirror.openapi.word import Word

Schema = dict[str, Any]

ENOUGH = {"request": 2, "response": 1}
"""Objects that have to have a member before it is called required, by who made them."""

TUPLES = 3
"""Arrays that have to be alike before they are called tuples where no model says so."""
BINARY = re.compile(
    r"base64|b64|image|picture|photo|avatar|thumbnail|file|content|data|blob|bytes|binary|pdf|signature|certificate|attachment",
    re.IGNORECASE,
)
BASE64: Schema = {"type": "string", "format": "byte", "contentEncoding": "base64"}
NOTHING: Mapping[str, frozenset[str]] = {}


Refer = Callable[[Shape, Place], Schema | None]
"""Gives the reference to a component that stands for the objects of a shape, or None to write them in place."""


Alternatives = Callable[[Tagged, Place], Mapping[str, str] | None]
"""Gives the references to the components of objects that a member tells apart, by their labels, or None as above."""


class Schemas:
    """Makes schemas. ``refer`` is asked for each shape with objects, ``alternatives`` for those that a member tells
    apart; ``evidence`` adds what each stands on. ``choices`` are what refusals anywhere have named as the choices for a
    name: they hold where a few of them were seen again and again."""

    def __init__(
        self,
        refer: Refer = lambda *_: None,
        evidence: bool = False,
        choices: Mapping[str, frozenset[str]] = NOTHING,
        alternatives: Alternatives = lambda *_: None,
    ) -> None:
        self._refer = refer
        self._alternatives = alternatives
        self._evidence = evidence
        self._choices = choices

    def schema(self, shape: Shape, place: Place) -> Schema:
        """The schema of all values of a shape."""
        made = self._schema(shape, place)
        if shape.word is not None:
            made = with_notes(made, shape.word.notes, held_by(shape))
        if self._evidence and (shape.count or shape.word is not None) and "$ref" not in made:
            made["x-mirror"] = {"samples": shape.count}
        return made

    def _schema(self, shape: Shape, place: Place) -> Schema:
        if shape.word is not None and shape.word.anything:
            return {}
        kinds = shape.kinds
        simple = ["boolean"] if "boolean" in kinds else []
        if kinds & {"number", "nonfinite"}:
            simple.append("number")
        elif "integer" in kinds:
            simple.append("integer")
        choices: list[Schema] = []
        if simple == ["integer"] and (integers := self._integers(shape, place)):
            choices.append({"type": "integer", "enum": sorted(integers)})
        elif simple:
            choices.append({"type": simple[0] if len(simple) == 1 else simple})
        if shape.strings is not None:
            choices.append(self._string(shape.strings, place, shape.word))
        if shape.arrays is not None:
            choices.append(self._array(shape.arrays, place, shape.word))
        if shape.objects is not None:
            made = self._refer(shape, place) or self.object(shape.objects, place)
            choices += made["anyOf"] if made.keys() == {"anyOf"} else [made]
        if "null" in kinds:
            choices.append({"type": "null"})
        return unite(choices)

    def _integers(self, shape: Shape, place: Place) -> frozenset[int]:
        """Those to choose from, where a refusal or a model names them and all that was seen is among them."""
        named = chosen_integers(place.refusal, seen=True) if place.refusal is not None else frozenset()
        named = named or (shape.word.integers if shape.word is not None else named)
        seen = shape.integers.values if shape.integers is not None else set()
        return named if seen is not None and seen <= named else frozenset()

    def _string(self, strings: Strings, place: Place, word: Word | None) -> Schema:
        if word is not None and word.format is not None:
            return self._declared(strings, place, word)
        if strings.format == "base64":  # tokens look like that as well
            return dict(BASE64) if BINARY.search(place.name) else {"type": "string"}
        if strings.format not in (None, MIXED):
            return {"type": "string", "format": strings.format}
        words = self._enumeration(strings, place)
        return {"type": "string", "enum": words} if words else {"type": "string"}

    def _declared(self, strings: Strings, place: Place, word: Word) -> Schema:
        """Strings of which a model says what they are. A format that not all of them have is nobody's."""
        refusal = place.refusal
        told = refused_choices(strings, place) if refusal is not None and refusal.count else None
        choices = {*(told or word.choices or ())}
        if choices and (not strings.count or (strings.values is not None and strings.values <= choices)):
            return {"type": "string", "enum": chosen_in_order(choices, word, refusal)}
        if word.format and (word.format not in SCHEMA_FORMATS or strings.format == word.format or not strings.count):
            return {"type": "string", "format": word.format}
        return {"type": "string"}

    def _enumeration(self, strings: Strings, place: Place) -> list[str] | None:
        named = self._choices.get(place.name)
        is_open = place.refusal is not None and place.refusal.is_open
        if named is not None and not is_open and not refused_choices(strings, place) and is_among(strings, named):
            return sorted(named)  # of something else; but what comes again and again is among them
        return enumeration(strings, place)

    def _array(self, arrays: Arrays, place: Place, word: Word | None) -> Schema:
        positions = arrays.positions
        declared = word is not None and word.positions
        if positions is not None and (declared or (arrays.count >= TUPLES and differ(positions))):
            return {
                "type": "array",
                "prefixItems": [self.schema(each, place.at(str(at))) for at, each in enumerate(positions)],
                "items": {},  # there are none behind them; tools ask for the word
                "minItems": arrays.least,
                "maxItems": arrays.most,
            }
        return {"type": "array", "items": self.schema(arrays.items, place.at("*"))}

    def component(self, objects: Objects, place: Place) -> Schema:
        """The schema of objects that is written once, with what it stands on."""
        made = self.object(objects, place)
        return {**made, "x-mirror": {"samples": objects.count}} if self._evidence else made

    def object(self, objects: Objects, place: Place) -> Schema:
        """The schema of objects, never a reference itself."""
        tagged = variants(objects, place.maker)
        if tagged is not None:
            return self._tagged(tagged, place)
        values = map_values(objects, place.own_name, place.is_record)
        if values is not None:
            return {"type": "object", "additionalProperties": self.schema(values, place.at("*"))}
        return self._members(objects.joined(), place)

    def _tagged(self, tagged: Tagged, place: Place) -> Schema:
        """One of several kinds of objects. Where each is a component, the document says how to tell them apart."""
        references = self._alternatives(tagged, place)
        if references is None:
            kinds = [self._members(group, place.of_kind(tagged, group), tagged.name) for group in tagged.groups]
            return {"oneOf" if tagged.name else "anyOf": kinds}
        if not tagged.name:
            return {"anyOf": [{"$ref": references[label]} for label in tagged.labels]}
        mapping = {word: references[label] for label in tagged.labels for word in label.split(WORDS)}
        return {
            "oneOf": [{"$ref": references[label]} for label in tagged.labels],
            "discriminator": {"propertyName": tagged.name, "mapping": mapping},
        }

    def variant(self, objects: Objects, place: Place, tag: str) -> Schema:
        """The schema of one of the kinds of objects that a member tells apart."""
        made = self._members(objects.joined(), place, tag)
        return {**made, "x-mirror": {"samples": objects.count}} if self._evidence else made

    def _members(self, group: Members, place: Place, tag: str | None = None) -> Schema:
        made: Schema = {"type": "object"}
        properties: Schema = {}
        known = known_error(group.members) if place.maker == "response" else None
        told = {} if known is None else known.members
        for name in [*group.names, *(name for name in told if name not in group.members)]:
            if name in told:
                properties[name] = dict(told[name])
                continue
            member = group.members[name]
            schema = self.schema(member, place.at(name))
            said: Schema = {}
            if name == tag and member.strings is not None and member.strings.values:
                words = sorted(member.strings.values)
                said = {"const": words[0]} if len(words) == 1 else {"enum": words}
            elif name == "type" and member.word is None and (types := geojson_types(group)):
                said = {"enum": types}
            if said:
                schema = {"type": "string", **said, **{key: schema[key] for key in ("x-mirror",) if key in schema}}
            properties[name] = schema
        for name, schema in self._refused(group, place):
            properties[name] = schema
        without_handed_back(properties, lambda name: place.at(name).refusal)
        if properties:
            made["properties"] = properties
        required = [
            name
            for name in properties
            # Without the tag nobody could tell them apart.
            if name == tag or (self._requires(group, name, place) and (known is None or name in known.required))
        ]
        if required:
            made["required"] = required
        return made

    def _refused(self, group: Members, place: Place) -> Iterator[tuple[str, Schema]]:
        """Members of requests that only refusals have told of: what is wrong with them says that they are known."""
        depth = len(place.pointer)
        told: dict[str, Refusal] = {}
        for key in sorted(place.refusals):
            pointer = tuple(key.split("/"))
            if key and len(pointer) == depth + 1 and pointer[:depth] == place.pointer and pointer[-1] != "*":
                refusal = place.refusals[key]
                said = refusal.count and (refusal.types or refusal.named(()))
                if pointer[-1] not in group.members and not refusal.missing and said:
                    told[pointer[-1]] = refusal
        if place.is_record or not are_keys([told_by(each) for each in told.values()], group):
            yield from ((name, told_by(refusal)) for name, refusal in told.items())

    def _requires(self, group: Members, name: str, place: Place) -> bool:
        if name not in group.members or group.members[name].count < group.count:
            return False
        word = group.members[name].word
        if word is not None and word.presence == "optional":
            return False
        if place.maker == "request":
            refusal = place.at(name).refusal
            if refusal is not None and refusal.missing:
                return True
            if any(name not in each.present and name not in each.missing for each in place.omitted()):
                return False
        enough = group.count >= ENOUGH[place.maker] or name in place.always  # objects of two kinds are two
        return enough or (word is not None and word.presence == "required")


def told_by(refusal: Refusal) -> Schema:
    """The schema of a value of which only refusals have told."""
    if refusal.named(()):
        return chosen(refusal)
    told = min(refusal.types)
    return {"type": told} if told in KINDS else {"type": "string", "format": told}


def unite(choices: list[Schema]) -> Schema:
    """One schema for values that fit one of these."""
    if not choices:
        return {}
    if len(choices) == 1:
        return choices[0]
    if all(choice.keys() == {"type"} for choice in choices):
        names: list[str] = []
        for choice in choices:
            names += choice["type"] if isinstance(choice["type"], list) else [choice["type"]]
        return {"type": names}
    if len(choices) == 2 and choices[1] == {"type": "null"} and isinstance(choices[0].get("type"), str):
        first = dict(choices[0])
        first["type"] = [first["type"], "null"]
        if "enum" in first:
            first["enum"] = [*first["enum"], None]
        return first
    return {"anyOf": choices}


def refused_choices(strings: Strings, place: Place) -> set[str] | None:
    """The choices that a refusal has named, where all that was seen is among them."""
    return place.refusal.named(strings.values) if place.refusal is not None else None


def chosen_in_order(choices: set[str], word: Word, refusal: Refusal | None) -> list[str]:
    """Choices as the model has them, else as a refusal has named them."""
    if word.choices and {*word.choices} == choices:
        return list(word.choices)
    return sorted(choices) if refusal is None else refusal.in_order(choices)


def enumeration(strings: Strings, place: Place) -> list[str] | None:
    """The words of an enumeration, sorted; None where it is none."""
    named = refused_choices(strings, place)
    if named is not None and place.refusal is not None:
        return place.refusal.in_order(named)
    if place.refusal is not None and place.refusal.is_open:
        return None
    seen = strings.values
    if seen is None or not CHOICE.fullmatch(place.name) or not all(map(WORD.fullmatch, seen)):
        return None
    return sorted(seen) if is_repeated(seen, strings.count) else None


def without_handed_back(properties: Schema, refusals: Callable[[str], Refusal | None]) -> None:
    """Take the enumeration from the ``state`` beside the ``code`` of a callback (RFC 6749, section 4.1.2), which is
    handed back as it was sent, unless a refusal names what there is."""
    said = refusals("state")
    if "code" in properties and "enum" in properties.get("state", ()) and not (said is not None and said.choices):
        properties["state"] = {name: value for name, value in properties["state"].items() if name != "enum"}


def differ(positions: list[Shape]) -> bool:
    """Whether the elements at different positions are of different kinds."""
    kinds = [frozenset(each.kinds) - {"null"} for each in positions]
    kinds = [frozenset("number" if kind == "integer" else kind for kind in each) for each in kinds if each]
    return any(one.isdisjoint(other) for one, other in combinations(kinds, 2))
