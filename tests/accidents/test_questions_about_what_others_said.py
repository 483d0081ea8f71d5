"""``--explain`` told nothing of a null that answers had, nor choices that refusals of another operation
named; a route that is listed was not seen; and it guessed at other names for members that a document has."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from learning import called, model
from pydantic import BaseModel

from mirror.adapters.known import starlette_routes
from mirror.errors import LearnError
from mirror.openapi.explain import explain

REFUSED = b'{"errors": {"priority": ["Must be one of: low, high."]}}'
SERVICE = model(
    called("POST", "/tickets", "/tickets", b'{"id": 1}', 201, sent=b'{"priority": "low"}'),
    called("POST", "/tickets", "/tickets", REFUSED, 422, sent=b'{"priority": "urgent"}'),
    called(
        "PATCH", "/tickets/1", "/tickets/<int:i>", b'{"priority": "low", "mark": null}', sent=b'{"priority": "low"}'
    ),
    called("PATCH", "/tickets/1", "/tickets/<int:i>", b'{"priority": "low", "mark": 4}', sent=b'{"mark": 4}'),
    called("PATCH", "/tickets/2", "/tickets/<int:i>", b"{}", 404, sent=b'{"mark": 5}'),
).settled()[""]


@pytest.mark.parametrize(
    ("member", "said"),
    [("mark", "    in answers: null as well"), ("priority", "    of other operations: choices: high, low")],
)
def test_what_answers_and_other_operations_say_of_requests(member: str, said: str) -> None:
    told = explain(SERVICE, f"PATCH /tickets/1 request #/{member}")
    assert told[-2:] == [f"PATCH /tickets/{{i}} request, what else is said of #/{member}:", said]


def test_words_for_what_became_of_requests_and_for_what_texts_look_like() -> None:
    told = explain(SERVICE, "PATCH /tickets/1 request")
    assert told[2] == (
        "PATCH /tickets/{i} request, answered otherwise (401, 403, 404, 409, 5xx ...): 1 sample, 0 without a body"
    )
    assert explain(SERVICE, "PATCH /tickets/1 path i")[0] == (
        "PATCH /tickets/{i} path i, accepted: in 2 of 2 samples; texts like integer; 1 distinct: '1'"
    )


class Out(BaseModel):
    status: str
    tags: list[str] = []


def test_routes_that_are_listed_and_members_that_are_declared() -> None:
    app = FastAPI()
    app.get("/things/{n}", response_model=Out)(lambda n: n)
    app.get("/things/all", name="everything")(lambda: "ok")

    @app.put("/things/{n}", response_model=Out)
    def put(n: int, body: Out) -> None: ...

    known = starlette_routes(app.router, "")
    service = model(called("GET", "/things/1", "/things/{n}", b'{"status": "new"}'), *known).settled()[""]
    for asked in ("GET /things/all", "get /things/all request"):
        told = explain(service, asked)
        assert told[0] == "GET /things/all: no test called it; it is listed because of its route"
    assert explain(service, "PUT /things/7 request #/status")[-1] == "    declared: required; string"
    assert "not seen" in (told := explain(service, "GET /things/7 200 #/tags"))[2]
    assert "did you mean" not in str(told)
    assert "did you mean status?" in str(explain(service, "GET /things/7 200 #/statsu"))
    with pytest.raises(LearnError, match=r"was not seen: did you mean PUT /things/\{n\}"):
        explain(service, "PUT /things/7/8")


def test_members_that_a_component_has_elsewhere() -> None:
    seen = [
        called("GET", "/orders/1", "/orders/<int:i>", b'{"id": 1, "status": "new", "tags": ["a"]}'),
        called("GET", "/orders/2", "/orders/<int:i>", b'{"id": 2, "status": "new"}'),
        called("POST", "/orders", "/orders", b'{"id": 1, "status": "new"}', 201),
    ]
    service = model(*seen).settled()[""]
    told = explain(service, "Order #/tags/0")
    assert told[0] == "Order: stands at 2 places"
    assert "      #/tags/0: not seen" in told
    assert "did you mean" in str(explain(service, "Order #/tagz"))
