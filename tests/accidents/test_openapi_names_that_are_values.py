"""Accident: a name that is another one in each request (``?1764424800123``) was kept for each: 12 MB for 20,000
requests, and as many parameters of one operation. The same held of header fields, forms, what refusals name, and the
names of events and of GraphQL operations."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence

import pytest
from factories import make_exchange, make_request, make_response
from learning import called

from mirror import Exchange, Route
from mirror.openapi.bounded import MOST_NAMES
from mirror.openapi.document import Document, openapi
from mirror.openapi.evidence import MOST_CHOICES, MOST_GRAPHS, Operation, Refusal
from mirror.openapi.model import Service

MANY = MOST_NAMES + 50
LETTERS = "abcdefghij"


def word(number: int) -> str:
    return "x" + "".join(LETTERS[int(digit)] for digit in str(number))


def learned(seen: Sequence[Exchange]) -> Service:
    service = Service()
    for each in seen:
        service.add(each)
    return service


def requests(number: int) -> Iterator[Exchange]:
    """Each with names of its own, half of them like words, and with names that all have."""
    for each in range(number):
        own = word(each) if each % 2 else f"t{each}"
        fields = [("X-Tenant", "acme"), (f"X-{own}", "1"), ("Cookie", f"lang=en; {own}=1")]
        fields.append(("Content-Type", "application/x-www-form-urlencoded"))
        target = f"/r?page={each}&{own}={each % 5}" + ("&sort=name" if each % 3 == 0 else "")
        request = make_request("POST", target, f"name=a&{own}=1".encode(), headers=fields)
        answered = [("X-Total", "1"), (f"X-{own}", "1"), ("Content-Type", "text/event-stream")]
        response = make_response(200, f"event: {own}\ndata: 1\n\n".encode(), headers=answered)
        yield make_exchange(request, response, route=Route("/r", "shown"), test=None, gateway="wsgi")


def parameters(document: Document) -> set[tuple[str, str]]:
    return {(each["in"], each["name"]) for each in document["paths"]["/r"]["post"]["parameters"]}


def test_only_names_that_most_requests_have_are_any() -> None:
    document = openapi(learned([*requests(MANY)]))
    assert parameters(document) == {("query", "page"), ("header", "X-Tenant"), ("cookie", "lang")}
    operation = document["paths"]["/r"]["post"]
    (body,) = operation["requestBody"]["content"].values()
    assert [*body["schema"]["properties"]] == ["name"]
    assert [*operation["responses"]["200"]["headers"]] == ["X-Total"]
    assert "x-events" not in operation["responses"]["200"]["content"]["text/event-stream"]


def test_few_names_are_all_names() -> None:
    document = openapi(learned([*requests(20)]))
    assert {("query", "sort"), ("query", "t0"), ("cookie", word(1))} <= parameters(document)
    assert len(document["paths"]["/r"]["post"]["responses"]["200"]["content"]["text/event-stream"]["x-events"]) == 20


@pytest.mark.parametrize("seed", range(3))
def test_it_is_the_same_in_every_order_and_in_parts(seed: int) -> None:
    seen = [*requests(MANY)]
    refused = {"detail": [{"loc": ["query", "page"], "type": "int_parsing", "msg": "x"}]}
    seen.append(called("POST", "/r?page=x", "/r", json.dumps(refused).encode(), 422))
    shuffled = random.Random(seed).sample(seen, len(seen))
    cut = random.Random(seed).randrange(len(seen))
    parts = learned(shuffled[:cut])
    parts.merge(learned(shuffled[cut:]))
    assert openapi(parts) == openapi(learned(seen)) == openapi(learned(shuffled))


def test_what_was_let_go_of_a_name_may_have_been_anything() -> None:
    """A refusal says that a number was expected; whether all that was accepted is one is not known any more."""
    long = "number_of_whatever_was_asked_for_in_2026"
    seen = [*requests(MANY)]
    refused = {"detail": [{"loc": ["query", long], "type": "int_parsing", "msg": "x"}]}
    seen.append(called("POST", f"/r?{long}=x", "/r", json.dumps(refused).encode(), 422))
    numbers = [word(number) for number in range(MANY)]
    seen += [called("POST", f"/r?{name}=1&{long}=any", "/r") for name in numbers]
    made = openapi(learned(seen))["paths"]["/r"]["post"]["parameters"]
    (schema,) = [each["schema"] for each in made if each["name"] == long]
    assert schema == {"type": "string"}


def test_what_is_kept_is_bounded() -> None:
    service = learned([*requests(MANY * 2)])
    for each in range(MANY):
        errors = [{"loc": ["body", "m", f"key{each}"], "type": "int_parsing", "msg": "x"}]
        sent = json.dumps({"m": {f"key{each}": "x"}}).encode()
        service.add(called("POST", "/r", "/r", json.dumps({"detail": errors}).encode(), 422, sent))
    for each in range(MOST_GRAPHS + 50):
        service.add(called("POST", "/r", "/r", b'{"data": {}}', 200, b'{"query": "query Q%d { a }"}' % each))
    operation: Operation = service.routed["POST /r"]
    kept = operation.requests["accepted"]
    form = kept.contents["application/x-www-form-urlencoded"]
    answer = operation.answers[200]
    events = answer.contents["text/event-stream"].events
    bounded = (kept.parameters.query, kept.parameters.header, kept.parameters.cookie, form.fields, answer.headers)
    for names in (*bounded, operation.refusals, events):
        assert len(names) == MOST_NAMES + 1
    assert len(operation.graphql) == MOST_GRAPHS + 1


def test_more_choices_than_anybody_declares_are_none() -> None:
    one, other = Refusal(), Refusal()
    one.choose({f"a{each}" for each in range(MOST_CHOICES)})
    other.choose({"b"})
    assert len(one.choices) == MOST_CHOICES
    one.merge(other)
    one.choose({"a1"})
    assert not one.choices
