"""Marks: how mirror knows again what it wrote itself, and that nobody has touched it since.

Where a document says what its facts stand on (``x-mirror: {samples: 12}``), the mark stands there too:

    x-mirror:
      samples: 12
      mark: kdbqwe

It is a digest of what the place says: of a schema its type, format, enumeration, required names; of an operation its
names, summary and security. Not of descriptions, examples and extensions of schemas, nor of what has a place of its own
(properties, parameters, responses), nor of the names of components: who edits those does not take the rest over.
What has no mark, or another one, is a person's word. So without evidence (``--no-evidence``) everything is: nothing in
such a document tells mirror's word from a person's, and to leave a word stale and say so is the smaller harm.

One digest of the whole document was rejected (two branches that learn would conflict in that line, and after that
everything would be a person's), and so was a file beside it (it is not committed, or not with the same state).
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

EVIDENCE = "x-mirror"
MARK = "mark"

APART = frozenset({"properties", "parameters", "requestBody", "responses", "callbacks", "links"})
"""Members whose members have words of their own."""
NOTES = frozenset(
    {"title", "description", "summary", "example", "examples", "default", "deprecated", "externalDocs", "name", "in"}
)
"""What people say of a place, rather than of its values."""
OPERATION = frozenset({"operationId", "summary", "description", "tags", "security", "deprecated"})
BY_NAME = frozenset(
    {"properties", "patternProperties", "schemas", "responses", "headers", "content", "paths", "examples", "parameters"}
)
"""Members whose keys are names: what is called ``description`` there is no description."""
ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def mark_of(place: dict[str, Any]) -> str:
    """The digest of what a place says: six letters, because YAML takes no letters for a number."""
    said = {key: place[key] for key in OPERATION & place.keys()} if "responses" in place else facts(place, True)
    number = int.from_bytes(hashlib.sha256(msgspec.json.encode(said, order="deterministic")).digest()[:8])
    letters = ""
    for _ in range(6):
        number, letter = divmod(number, 26)
        letters += ALPHABET[letter]
    return letters


def facts(value: Any, top: bool = False, by_name: bool = False) -> Any:
    """What counts of a place; of places with marks of their own only that they are there."""
    if isinstance(value, list):
        return [facts(member) for member in value]
    if not isinstance(value, dict):
        return value
    if by_name:
        return {key: facts(member) for key, member in value.items()}
    if not top and EVIDENCE in value:
        return {}
    said: dict[str, Any] = {}
    for key, member in value.items():
        if key.startswith("x-") or key in NOTES or (top and key in APART):
            continue
        if key == "$ref":
            said[key] = True
        elif key in ("required", "enum") and isinstance(member, list):
            said[key] = sorted(member, key=repr)
        else:
            said[key] = facts(member, by_name=key in BY_NAME)
    return said


def is_own(place: dict[str, Any]) -> bool:
    """Whether mirror wrote what the place says, and nobody has changed it."""
    evidence = place.get(EVIDENCE)
    return isinstance(evidence, dict) and MARK in evidence and evidence[MARK] == mark_of(place)


def samples_of(place: Any) -> int | None:
    """The samples that a place stands on; None where it does not say."""
    evidence = place.get(EVIDENCE) if isinstance(place, dict) else None
    samples = evidence.get("samples") if isinstance(evidence, dict) else None
    return samples if isinstance(samples, int) and not isinstance(samples, bool) else None


def marked(document: dict[str, Any]) -> dict[str, Any]:
    """A document with a mark wherever there is evidence; without any, as it is. Where there is some, components,
    parameters and request bodies are marked as well: what they say can turn out otherwise, too."""
    made: dict[str, Any] = with_marks(document)
    if not has_evidence(document):
        return made
    for item in mappings(made.get("paths")):
        for operation in mappings(item):
            parameters = operation.get("parameters")
            for place in [*(parameters if isinstance(parameters, list) else ()), operation.get("requestBody")]:
                add_mark(place)
    components = made.get("components")
    for place in mappings(components.get("schemas") if isinstance(components, dict) else None):
        add_mark(place)
    return made


def mappings(value: Any) -> list[dict[str, Any]]:
    """The members of a mapping that are mappings."""
    return [member for member in value.values() if isinstance(member, dict)] if isinstance(value, dict) else []


def add_mark(place: Any) -> None:
    if isinstance(place, dict) and "$ref" not in place and EVIDENCE not in place:
        place[EVIDENCE] = {MARK: mark_of(place)}


def has_evidence(value: Any) -> bool:
    if isinstance(value, list):
        return any(map(has_evidence, value))
    return isinstance(value, dict) and (EVIDENCE in value or any(map(has_evidence, value.values())))


def with_marks(value: Any, by_name: bool = False) -> Any:
    if isinstance(value, list):
        return [with_marks(member) for member in value]
    if not isinstance(value, dict):
        return value
    if by_name:
        return {key: with_marks(member) for key, member in value.items()}
    made = {
        key: member if key in ("example", "examples", "default") else with_marks(member, key in BY_NAME)
        for key, member in value.items()
        if key != EVIDENCE
    }
    if EVIDENCE in value:
        evidence = value[EVIDENCE]
        made[EVIDENCE] = {**evidence, MARK: mark_of(value)} if isinstance(evidence, dict) else evidence
    return made
