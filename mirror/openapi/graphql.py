"""GraphQL over HTTP: the operations that a request calls, and what is learned of them.

A request is one by its form alone, on whatever path: a document that can be parsed, in a JSON body (one call, or a list
of them), as application/graphql, in a form, or in the query of a GET.
"""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import parse_qs

from mirror.exchange import Request
from mirror.openapi.bodies import Body, json_of
from mirror.openapi.bounded import entry
from mirror.openapi.evidence import MOST_EXAMPLES, MOST_GRAPHS, GraphQL
from mirror.openapi.graphql_document import Document, DocumentError, Field, Selections, Spread, parse
from mirror.redact.blanks import blanked

MOST_CALLS = 100


class Call(NamedTuple):
    """One operation that is called. ``name`` is its own or, where it has none, that of its first field; ``kind`` is
    ``query``, ``mutation`` or ``subscription``."""

    name: str
    kind: str
    document: str
    variables: dict[str, Any]


def graphql_of(request: Request, body: Body) -> list[Call]:
    """The calls in a request; none where it is no GraphQL. Never raises."""
    if request.method == "GET":
        return from_query(request.query) if "query=" in request.query else []
    if body.family == "json" and body.values:
        value = body.values[0]
        if isinstance(value, dict):
            return from_value(value)
        if isinstance(value, list) and value and isinstance(value[0], dict) and "query" in value[0]:
            return [call for each in value[:MOST_CALLS] for call in from_value(each)]
    elif body.family == "graphql" and body.text:
        return call_of(body.text, None, None)
    elif body.fields:
        if "query" in body.fields:
            return from_form(body.fields)
        if "operations" in body.fields:  # with files beside it
            found = decoded(body.fields["operations"][0])
            return [call for each in (found if isinstance(found, list) else [found]) for call in from_value(each)]
    return []


def from_query(query: str) -> list[Call]:
    try:
        return from_form(parse_qs(query, max_num_fields=1000))
    except ValueError:
        return []


def from_form(fields: dict[str, list[str]]) -> list[Call]:
    document = fields.get("query", [""])[0]
    variables = decoded(fields["variables"][0]) if "variables" in fields else None
    return call_of(document, fields.get("operationName", [None])[0], variables)


def from_value(value: Any) -> list[Call]:
    document = value.get("query") if isinstance(value, dict) else None
    if not isinstance(document, str):
        return []
    return call_of(document, value.get("operationName"), value.get("variables"))


def decoded(text: str) -> Any:
    try:
        return json_of(text.encode("utf-8", "replace"))
    except ValueError:
        return None


def call_of(text: str, name: Any, variables: Any) -> list[Call]:
    if "{" not in text:
        return []
    try:
        document = parse(text)
    except DocumentError:
        return []
    operation = document.operation(name if isinstance(name, str) else None)
    if not operation.selections:
        return []
    named = operation.name or first_field(document, operation.selections, 0) or "anonymous"
    return [Call(named, operation.kind, text, variables if isinstance(variables, dict) else {})]


def first_field(document: Document, selections: Selections, depth: int) -> str:
    for selection in selections:
        if isinstance(selection, Field):
            return selection.name
        inner = document.fragments.get(selection.fragment) if isinstance(selection, Spread) else selection
        found = first_field(document, inner.selections, depth + 1) if inner and depth < 20 else ""
        if found:
            return found
    return ""


def add_graphql(graphs: dict[str, GraphQL], calls: list[Call], response: Any) -> None:
    """Add calls to the evidence, and what a response (a JSON value; a list for a list of calls) says of each. A
    call that was refused is none: what it asks for need not be there."""
    answers = response if isinstance(response, list) and len(response) == len(calls) else [response] * (len(calls) == 1)
    for number, call in enumerate(calls):
        answer = answers[number] if number < len(answers) else None
        if isinstance(answer, dict) and answer.get("errors") and answer.get("data") is None:
            continue
        graph = entry(graphs, call.name, GraphQL, MOST_GRAPHS)
        graph.kinds.add(call.kind)
        document = blanked(call.document)  # a placeholder may be an argument in it, and is another in every run
        if document not in graph.documents:
            graph.documents = sorted([*graph.documents, document])[:MOST_EXAMPLES]
        graph.variables.add(call.variables)
        if isinstance(answer, dict) and "data" in answer:
            graph.data.add(answer["data"])
