"""``login(password: $p)``: the reference became a placeholder, which is no GraphQL, the variable's value stayed, and
digits of that placeholder were replaced once more, so that ``mirror verify`` called an intact exchange altered."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from factories import make_exchange, make_request

from mirror import Exchange
from mirror.redact.graphql import bound
from mirror.redact.keys import key_of
from mirror.redact.redactor import Redactor

SECRET = "Gql-Var-Secret-77"
LOGIN = 'mutation L($p:String!){login(email:"a@b.example",password:$p){token}}'


def redacted(exchange: Exchange) -> Exchange:
    redactor = Redactor()
    new = redactor.redact(exchange)
    assert redactor.redact(new) is new
    assert redactor.blank(new) == redactor.blank(exchange)
    return new


def sent(value: Any) -> Any:
    exchange = make_exchange(
        make_request("POST", "/graphql", json.dumps(value).encode(), headers=[("Content-Type", "application/json")])
    )
    return json.loads(redacted(exchange).request.body)


def test_the_reference_stays_and_its_value_does_not() -> None:
    new = sent({"query": LOGIN, "variables": {"p": SECRET, "q": "blue"}})
    assert new["query"].endswith(",password:$p){token}}")
    assert "a@b.example" not in new["query"]
    assert new["variables"]["p"].startswith("redacted-")
    assert new["variables"]["q"] == "blue"


@pytest.mark.parametrize(
    "query",
    [
        "mutation L($p: String!) { login(input: {user: $u, password: $p}) { id } }",
        "# log in\nmutation ($u: String, $p: [String]) { login(passwords: [$p], user: $u) { id } }",
        'query L($u: String = "x") { a: login(user: $u, token: $p) { id } }',
    ],
)
@pytest.mark.parametrize("late", [False, True])
def test_wherever_it_is_bound(query: str, late: bool) -> None:
    members = [("query", query), ("variables", {"u": "Joe-7", "p": {"value": SECRET}})]
    operation = dict(members[::-1] if late else members)
    new = sent([{"id": "1", "type": "subscribe", "payload": operation}])[0]["payload"]
    assert new["query"] == query
    assert SECRET not in json.dumps(new)
    assert new["variables"]["u"] == "Joe-7"


def test_names_of_types_and_defaults() -> None:
    query = f'mutation L($password: String! = "{SECRET}") {{ login(password: $password, n: "x") {{ id }} }}'
    new = sent({"query": query, "variables": {}})["query"]
    assert SECRET not in new
    assert new.startswith('mutation L($password: String! = "redacted-')


def test_in_a_query() -> None:
    target = "/graphql?" + urlencode({"query": LOGIN, "variables": json.dumps({"p": SECRET, "q": 1})})
    new = redacted(make_exchange(make_request("GET", target))).request.target
    assert SECRET not in new
    assert json.loads(parse_qs(new.partition("?")[2])["variables"][0])["q"] == 1


def test_no_number_within_a_word() -> None:
    query = "query { a(pin: $p123456, pin: [v123456, 123456]) { id } }"
    assert sent({"query": query})["query"] == query.replace(" 123456]", " 999999]")


def test_comments() -> None:
    assert SECRET not in sent({"query": f"query {{ a }} # password={SECRET}"})["query"]


@pytest.mark.parametrize("text", ["query failed for {password: Hunter-22x9}", "{ password=Hunter-22x9 }"])
def test_what_only_begins_like_a_document(text: str) -> None:
    assert "Hunter" not in sent({"note": text})["note"]


def test_what_is_bound() -> None:
    assert list(bound("{ a(password: [$p, $q], b: $r) { token(x: $s) } }", key_of)) == ["p", "q"]
