"""Forms: the schemas of their fields and files."""

from __future__ import annotations

from mirror.openapi.bounded import texts_of, usual
from mirror.openapi.evidence import Content, Operation
from mirror.openapi.schema import Schema, without_handed_back
from mirror.openapi.text_types import FILE, text_schema

TOKEN = frozenset({"access_token", "token_type"})
LOGIN = frozenset({"username", "password"})
GRANT: dict[str, Schema] = {
    **{name: {"type": ["string", "null"]} for name in ("client_id", "client_secret", "grant_type")},
    "scope": {"type": "string"},
}
"""What may stand beside user name and password where a token is asked for (RFC 6749, sections 4.3.2 and 2.3.1), as
FastAPI declares it."""


def gives_tokens(content: Content, operation: Operation | None) -> bool:
    """Whether a form asks for a token with a password."""
    if operation is None or content.family != "form" or not content.fields.keys() >= LOGIN:
        return False
    answers = [
        each for status, answer in operation.answers.items() if status < 300 for each in answer.contents.values()
    ]
    return any(each.shape.objects is not None and each.shape.objects.names >= TOKEN for each in answers)


def with_null(schema: Schema) -> Schema:
    types = schema["type"]
    made = {**schema, "type": [*([types] if isinstance(types, str) else types), "null"]}
    return {**made, "enum": [*made["enum"], None]} if "enum" in made else made


def form_schema(content: Content, operation: Operation | None, is_closed: bool = False) -> Schema:
    """The schema of a form: its fields, its files, and what refusals have told of that was never sent; unless
    it ``is_closed``, also what a standard names besides."""
    refusals = {} if operation is None else operation.refusals
    omissions = () if operation is None else operation.omissions
    properties: Schema = {}
    required = []
    told = {
        place.removeprefix("body ")
        for place, refusal in refusals.items()
        if place.startswith("body ") and (refusal.types or refusal.choices) and not refusal.missing
    }
    known = {*usual(content.fields, content.count), *usual(content.files, content.count)}
    for name in sorted({*known, *(each for each in told if "/" not in each)}):
        refusal, element = refusals.get(f"body {name}"), refusals.get(f"body {name}/*")
        field, file = content.fields.get(name), content.files.get(name)
        if file is not None and field is None:
            says_list = element is not None or (refusal is not None and refusal.types - {"null"} == {"array"})
            several = file.repeated or says_list or name.endswith("[]")
            properties[name] = {"type": "array", "items": dict(FILE)} if several else dict(FILE)
        else:
            properties[name] = text_schema(texts_of(name, content.fields), name, refusal, element)
            if refusal is not None and "null" in refusal.types:  # a model says so; no form can
                properties[name] = with_null(properties[name])
        count = field.present if field is not None else file.count if file is not None else 0
        if count < content.count or any(
            each.place == "body" and name not in {*each.present, *each.missing} for each in omissions
        ):
            continue
        if content.count > 1 or (refusal is not None and refusal.missing):
            required.append(name)
    if not is_closed and gives_tokens(content, operation):
        properties = {
            name: properties[name] if name in properties else dict(GRANT[name])
            for name in sorted({*properties, *GRANT})
        }
    without_handed_back(properties, lambda name: refusals.get(f"body {name}"))
    schema: Schema = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    return schema
