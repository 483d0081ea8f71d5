"""GraphQL: calls found in requests, and a schema learned of them; graphql-core answers and judges."""

from __future__ import annotations

import json
import random
from typing import Any
from urllib.parse import urlencode

import pytest
from factories import make_request
from flask import Flask, jsonify, request as flask_request
from graphql import (
    GraphQLSyntaxError,
    build_schema,
    graphql_sync,
    parse as judge,
    print_ast,
    validate,
    validate_schema,
)
from graphql.language import FieldNode, OperationDefinitionNode
from hypothesis import given, settings, strategies as st

from mirror import Mirror
from mirror.openapi.bodies import read_body
from mirror.openapi.evidence import GraphQL
from mirror.openapi.graphql import Call, add_graphql, graphql_of
from mirror.openapi.graphql_document import DocumentError, Field, Selections, parse
from mirror.openapi.graphql_schema import sdl
from mirror.openapi.merging import merge_into

REAL = build_schema(
    """
    interface Node { id: ID! }
    enum Role { ADMIN USER }
    type User implements Node {
      id: ID! name: String! age: Int role: Role tags: [String!]! friends: [User]
      posts(first: Int = 10, after: String): PostConnection!
    }
    type Post implements Node { id: ID! title: String score: Float author: User }
    type PostEdge { cursor: String node: Post }
    type PageInfo { hasNextPage: Boolean! }
    type PostConnection { edges: [PostEdge!]! pageInfo: PageInfo }
    union Hit = User | Post
    input AddressInput { city: String! zip: Int }
    input UserInput { name: String! age: Int address: AddressInput roles: [Role!] }
    type Query {
      user(id: ID!): User users(role: Role, ids: [ID!], first: Int): [User!]! search(text: String!): [Hit!]!
      node(id: ID!): Node nodes(filter: [String]): [Node] nobody: User version: String grid: [[Int]]
    }
    type Mutation { createUser(input: UserInput!): User deleteUser(id: ID!): Boolean }
    """
)
POST = {"__typename": "Post", "id": "9", "title": "T", "score": 2}
USER: dict[str, Any] = {
    "__typename": "User",
    "id": "1",
    "name": "A",
    "age": 3,
    "role": "ADMIN",
    "tags": ["a"],
    "friends": [{"id": "2", "name": "B"}, None],
    "posts": {"edges": [{"cursor": "x", "node": POST | {"score": 1.5}}], "pageInfo": {"hasNextPage": False}},
}
ANSWERS = {
    "user": lambda _, id: USER,  # noqa: A006
    "users": lambda _, **rest: [USER, USER],
    "search": lambda _, text: [USER, POST],
    "node": lambda _, id: POST,  # noqa: A006
    "nodes": lambda _, **rest: [USER, POST],
    "createUser": lambda _, input: USER,  # noqa: A006
    "deleteUser": lambda _, id: True,  # noqa: A006
    "grid": [[1, 2], [3]],
    "version": "1",
}
FRAGMENTS = """
fragment U on User { id name posts(first: $n) { edges { cursor node { id author { name } } } pageInfo { ...P } } }
fragment P on PageInfo { hasNextPage }
"""
CALLS: list[tuple[str, dict[str, Any]]] = [
    ("{ user(id: 1) { id name age role tags friends { name } } }", {}),
    ("query GetUser($id: ID!, $n: Int) { me: user(id: $id) { ...U } } " + FRAGMENTS, {"id": "1", "n": 3}),
    ("query Users($role: Role, $ids: [ID!]) { users(role: $role, ids: $ids, first: 3) { id } }", {"role": "ADMIN"}),
    ("{ users(role: USER) { id __typename } }", {}),
    ('query Search { search(text: "x") { __typename ... on User { name } ... on Post { title score } } }', {}),
    ('query Node { node(id: "9") { id __typename ... on Post { title } } nobody { id } version grid }', {}),
    ('{ nodes(filter: ["a"]) { id ... on User { name } ... on Post { title } } }', {}),
    ("query Known { __schema { types { name } } }", {}),
    (
        "mutation Create($input: UserInput!) { createUser(input: $input) { id } }",
        {"input": {"name": "x", "age": 3, "address": {"city": "y"}, "roles": ["ADMIN"]}},
    ),
    ('mutation { createUser(input: {name: "x", address: {city: "z", zip: 3}}) { id } }', {}),
    ("mutation Delete($id: ID!) { deleteUser(id: $id) }", {"id": "3"}),
]


def learned(calls: list[tuple[str, dict[str, Any]]]) -> dict[str, GraphQL]:
    graphs: dict[str, GraphQL] = {}
    for document, variables in calls:
        answer = graphql_sync(REAL, document, ANSWERS, variable_values=variables)
        assert not answer.errors
        add_graphql(
            graphs, calls_of({"query": document, "variables": variables}), json.loads(json.dumps({"data": answer.data}))
        )
    return graphs


def calls_of(value: Any, kind: str = "application/json", method: str = "POST", target: str = "/") -> list[Call]:
    text = value if isinstance(value, str) else json.dumps(value)
    sent = make_request(method, target, text.encode(), headers=[("Content-Type", kind)] if kind else [])
    return graphql_of(sent, read_body(sent.headers, sent.body))


# Calls ----------------------------------------------------------------------------------------------------------------

NAMED = "query Named($a: Int) { users { id } }"


@pytest.mark.parametrize(
    "call",
    [
        lambda: calls_of({"query": NAMED, "variables": {"a": 1}}),
        lambda: calls_of({"query": NAMED + " mutation Other { x }", "operationName": "Named", "variables": {"a": 1}}),
        lambda: calls_of([{"query": NAMED, "variables": {"a": 1}}]),
        lambda: calls_of(urlencode({"query": NAMED, "variables": '{"a": 1}'}), "application/x-www-form-urlencoded"),
        lambda: calls_of("", "", "GET", "/graphql?" + urlencode({"query": NAMED, "variables": '{"a": 1}'})),
    ],
)
def test_a_call_is_found_however_it_is_sent(call: Any) -> None:
    (found,) = call()
    assert (found.name, found.kind, found.variables) == ("Named", "query", {"a": 1})
    assert found.document.startswith(NAMED)


def test_a_document_of_its_own_type_and_files_beside_one() -> None:
    assert calls_of("{ users { id } }", "application/graphql") == [Call("users", "query", "{ users { id } }", {})]
    parts = '--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{"query": "mutation { up }"}\r\n--x--\r\n'
    assert calls_of(parts, "multipart/form-data; boundary=x") == [Call("up", "mutation", "mutation { up }", {})]


def test_anonymous_operations_are_called_after_their_first_field() -> None:
    assert [
        call.name
        for call in calls_of([{"query": "{ a: users { id } b }"}, {"query": "{ ...F } fragment F on Query { me }"}])
    ] == ["users", "me"]


@pytest.mark.parametrize(
    "value",
    [
        *(3, [], [{"a": 1}], {"query": {"match": {}}}),
        *({"query": text} for text in ("shoes", "{", "{}", "type A { a: Int }", "fragment F on A { a }")),
        *({"query": text} for text in ("query { a(b: ) }", "{ a " * 80 + "}" * 80, "{ a }" + " " * 300_000)),
    ],
)
def test_what_is_no_call(value: Any) -> None:
    assert calls_of(value) == []


def test_calls_of_a_real_application() -> None:
    app = Flask("graph")

    @app.post("/graphql")
    def graph() -> Any:
        sent = flask_request.get_json()
        answer = graphql_sync(REAL, sent["query"], ANSWERS, variable_values=sent.get("variables"))
        return jsonify(answer.formatted)

    graphs: dict[str, GraphQL] = {}
    with Mirror(attach=True) as mirror:
        for document, variables in CALLS:
            app.test_client().post("/graphql", json={"query": document, "variables": variables})
        for exchange in mirror.exchanges:
            said = read_body(exchange.request.headers, exchange.request.body)
            answered = read_body(exchange.response.headers, exchange.response.body)
            add_graphql(graphs, graphql_of(exchange.request, said), answered.values[0])
    assert sdl(graphs) == sdl(learned(CALLS))
    assert graphs["createUser"].kinds == {"mutation"}


# The parser -----------------------------------------------------------------------------------------------------------

names = st.sampled_from(["a", "b", "on", "query", "fragment", "true", "_x1", "type"])
values = st.recursive(
    st.sampled_from(["1", "-2.5e3", '"s\\"}"', '"""block " } \\""" """', "true", "null", "WORD", "$a", "[]", "{}"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{' '.join(items)}]")
        | st.dictionaries(names, inner, max_size=3).map(
            lambda fields: "{" + ", ".join(f"{k}: {v}" for k, v in fields.items()) + "}"
        )
    ),
    max_leaves=5,
)
arguments = st.dictionaries(names, values, min_size=1, max_size=2).map(
    lambda given: "(" + " ".join(f"{name}: {value}" for name, value in given.items()) + ")"
)


def selecting(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    field = st.builds(
        "{}{}{}{} {}".format,
        st.just("") | names.map("{}: ".format),
        names,
        st.just("") | arguments,
        st.just("") | arguments.map("@include{}".format),
        st.just("") | inner,
    )
    spread = st.sampled_from(["...F", "... on T { c }", "... @skip(if: $a) { c }", "# note }\n c"])
    return st.lists(field | spread, min_size=1, max_size=3).map(lambda parts: "{" + " ".join(parts) + "}")


documents = st.builds(
    "{} {} fragment F on T {{ f }}".format,
    st.sampled_from(["", "query", "mutation M", "query Q($a: [Int!]! = [1], $b: T @d)", "subscription"]),
    st.recursive(st.just("{ leaf }"), selecting, max_leaves=4),
)


def told(selections: Selections) -> list[Any]:
    return [
        (each.name, each.key, sorted(each.arguments), told(each.selections or ())) if isinstance(each, Field) else "..."
        for each in selections
    ]


def judged(selections: Any) -> list[Any]:
    return [
        (
            each.name.value,
            (each.alias or each.name).value,
            sorted(argument.name.value for argument in each.arguments or ()),
            judged(each.selection_set.selections if each.selection_set else ()),
        )
        if isinstance(each, FieldNode)
        else "..."
        for each in selections
    ]


@given(documents)
def test_documents_are_read_as_their_judge_reads_them(text: str) -> None:
    theirs = next(each for each in judge(text).definitions if isinstance(each, OperationDefinitionNode))
    for written in (text, print_ast(judge(text))):
        ours = parse(written).operations[0]
        assert (ours.kind, ours.name) == (theirs.operation.value, theirs.name.value if theirs.name else "")
        assert ours.variables == {
            each.variable.name.value: print_ast(each.type) for each in theirs.variable_definitions or ()
        }
        assert told(ours.selections) == judged(theirs.selection_set.selections)


@given(documents, st.integers(0, 200), st.sampled_from(["", "{", "}", '"', "...", "$", " ", "1a", "!", "@", "\0", ":"]))
def test_broken_documents_are_refused_as_their_judge_refuses_them(text: str, place: int, mark: str) -> None:
    broken = text[:place] + mark + text[place + 1 :]
    try:
        judge(broken)
    except GraphQLSyntaxError:
        with pytest.raises(DocumentError):
            parse(broken)
    else:
        assert parse(broken).operations


@given(st.text(max_size=60) | st.text('{}()[]:!$@."# \nabc1', max_size=60))
def test_no_text_raises_anything_else(text: str) -> None:
    try:
        parse(text)
    except DocumentError:
        pass


# The schema -----------------------------------------------------------------------------------------------------------


def test_the_schema_that_is_learned() -> None:
    written = sdl(learned(CALLS))
    schema = build_schema(written)
    assert validate_schema(schema) == []
    for document, _ in CALLS:
        assert validate(schema, judge(document)) == []
    lines = {line.strip() for line in written.splitlines()}
    assert lines >= {
        "user(id: ID!): User!",
        "users(first: Int, ids: [ID!], role: Role): [User!]!",
        "search(text: String): [Search!]",
        "union Search = Post | User",
        "interface Node {",
        "type Post implements Node {",
        "posts(first: Int): PostConnection",
        "edges: [PostConnectionEdge]",
        "createUser(input: UserInput!): CreateUser!",
        "input UserInput {",
        "address: UserInputAddress!",
        "enum Role {",
        "grid: [[Int!]!]",
        "score: Float",
    }


def test_of_nothing_there_is_a_schema() -> None:
    assert validate_schema(build_schema(sdl({}))) == []


def test_neither_order_nor_division_matters() -> None:
    whole = sdl(learned(CALLS * 2))
    for seed in range(5):
        calls = CALLS * 2
        random.Random(seed).shuffle(calls)
        some, others = learned(calls[:7]), learned(calls[7:])
        merge_into(some, others)
        assert sdl(some) == whole


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            documents,
            st.recursive(
                st.none() | st.booleans() | st.integers() | st.sampled_from(["A", "b c", "Query", "__X", "String"]),
                lambda inner: (
                    st.lists(inner, max_size=2)
                    | st.dictionaries(names | st.sampled_from(["__typename", "leaf", "c"]), inner, max_size=3)
                ),
            ),
            st.dictionaries(names, st.dictionaries(names | st.text(), st.text()) | st.text(), max_size=2),
        ),
        max_size=4,
    )
)
def test_whatever_is_called_the_schema_is_valid(calls: list[tuple[str, Any, Any]]) -> None:
    graphs: dict[str, GraphQL] = {}
    for document, data, variables in calls:
        add_graphql(graphs, calls_of({"query": document, "variables": variables}), {"data": data})
    assert validate_schema(build_schema(sdl(graphs))) == []


def test_fragments_that_multiply_are_left_out() -> None:
    parts = [f"fragment F{n} on T {{ a {{ ...F{n + 1} }} b: a {{ ...F{n + 1} }} }} " for n in range(40)]
    chain = [f"fragment F{n} on T {{ ...F{n + 1} }} " for n in range(5000)]
    circle = ["fragment F0 on T { a { ...F0 } }"]
    graphs: dict[str, GraphQL] = {}
    for number, fragments in enumerate((parts, chain, circle, ["fragment F0 on Query { known }"])):
        calls = calls_of({"query": f"query Q{number} {{ x ...F0 }} " + "".join(fragments)})
        add_graphql(graphs, calls, {"data": {"x": 1, "known": 2}})
    assert sdl(graphs) == "type Query {\n  known: Int\n  x: Int\n}\n"
