"""Whether the samples are valid by the schemas that were learned from them (JSON Schema 2020-12).

Not a part of the mean. Counted are the JSON bodies of responses and of accepted requests of the declared operations. A
sample whose operation, status or media type is not in the learned document is not valid: nothing is said of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from benchmarks.accuracy.exercised import Body, exercised, operations
from benchmarks.accuracy.facts import responses, slashed
from benchmarks.accuracy.schemas import followed
from mirror import Exchange
from mirror.media import parse


class Validity(NamedTuple):
    valid: int
    samples: int
    first: str = ""
    """What is wrong with the first that is not."""


def validity(declared: Mapping[str, Any], learned: Mapping[str, Any], exchanges: Iterable[Exchange]) -> Validity:
    document = modern(slashed(learned, declared))
    found = operations(document)
    valid = samples = 0
    first = ""
    for key, seen in exercised(declared, exchanges).seen.items():
        operation = found[key][2] if key in found else {}
        contents = dict(responses(operation, document, seen.statuses))
        sides = [("request", seen.requests, followed(operation.get("requestBody"), document))]
        sides += [(status, bodies, contents.get(status, {})) for status, bodies in seen.responses.items()]
        for side, bodies, said in sides:
            content = {parse(media).name: value for media, value in (said.get("content") or {}).items()}
            for body in bodies:
                if not is_sample(body, side):
                    continue
                samples += 1
                schema = (content.get(body.media) or {}).get("schema")
                wrong = "nothing is said of it" if schema is None else mistake(schema, document, body.value)
                valid += not wrong
                first = first or (wrong and f"{key} {side}: {wrong}")
    return Validity(valid, samples, first)


def is_sample(body: Body, side: str) -> bool:
    is_json = body.media == "application/json" or body.media.endswith("+json")
    return is_json and body.readable and (body.accepted or side != "request")


def mistake(schema: Any, document: Mapping[str, Any], value: Any) -> str:
    """What is wrong with a value; empty where nothing is."""
    from jsonschema import Draft202012Validator

    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": document.get("components", {})}
    whole |= {"allOf": [schema]}
    error = next(iter(Draft202012Validator(whole).iter_errors(value)), None)
    return "" if error is None else f"{error.json_path}: {error.message[:200]}"


def modern(node: Any) -> Any:
    """A document of OpenAPI 3.0 with the schemas of 3.1, as far as values can tell."""
    if isinstance(node, list):
        return [modern(value) for value in node]
    if not isinstance(node, Mapping):
        return node
    made = {name: modern(value) for name, value in node.items()}
    if made.get("nullable") is True:
        del made["nullable"]
        return {"anyOf": [made, {"type": "null"}]}
    return made
