"""What is learned from redacted exchanges does not depend on the key of their placeholders: a run that is repeated
gives the same document."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from factories import make_exchange, make_request, make_response
from hypothesis import given, settings, strategies as st

from mirror import Exchange, Route
from mirror.exchange import Declaration, KnownRoute
from mirror.openapi.document import openapi
from mirror.openapi.model import Model
from mirror.redact.blanks import blanked
from mirror.redact.redactor import Redactor

KEY = "ghp_aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY1zA2"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6ImEifQ.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"

secrets = st.sampled_from(
    [
        ("token", "tok-0815-abcdefgh"),
        ("token", "tok-4711-abcdefgh"),
        ("password", "hunter2-hunter2"),
        ("email", "zoe@corp.de"),
        ("phone", "+49 170 1234567"),
        ("card", "4111 1111 1111 1111"),
        ("iban", "DE89 3704 0044 0532 0130 00"),
        ("access_token", JWT),
        ("secret", "0b39f2f0-58a5-4d2c-9c3b-6f5d5e1a4a9b"),
        ("api_key", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
        ("session_key", "c2VjcmV0LXNlY3JldC1zZWNyZXQ="),
        ("text", "write to zoe@corp.de, password=hunter2-hunter2"),
        ("website_password", "https://corp.de/a/b"),
        ("total", 7),
        ("zoe@corp.de", 7),
        (KEY, "x"),
        (KEY[::-1], "x"),
    ]
)
docs = st.sampled_from([None, "An order.", f"Use the token {KEY} for it.\n\npassword=hunter2secret"])
DECLARED = (
    Declaration("query", "key", kinds=("string",), choices=(KEY, "other"), presence="optional"),
    Declaration("200", "", "Thing", ("object",)),
    Declaration("200", KEY, "", ("string",), presence="optional"),
)


@st.composite
def exchanges(draw: st.DrawFn) -> Exchange:
    members = draw(st.lists(secrets, max_size=5))
    kind, body = draw(
        st.sampled_from(
            [
                ("application/json", json.dumps(dict(members)).encode()),
                ("application/x-www-form-urlencoded", urlencode(members).encode()),
                ("text/plain", "\n".join(f"{name}: {value}" for name, value in members).encode()),
            ]
        )
    )
    fields = [
        ("Content-Type", kind),
        ("Authorization", draw(st.sampled_from(["Bearer a1b2c3d4e5f6a7", f"Bearer {JWT}"]))),
    ]
    path = draw(st.sampled_from(["/login", f"/reset/{JWT}", "/users/zoe@corp.de?token=tok-0815-abcdefgh"]))
    request = make_request("POST", path, *filter(None, [body]), headers=fields)
    answer = make_response(200, *filter(None, [body]), headers=fields[:1])
    route = Route("/reset/<key>", "reset", draw(docs)) if path.startswith("/reset") else None
    test = draw(st.sampled_from([None, "t.py::test_a"]))
    return make_exchange(request, answer, gateway="http", test=test, route=route)


def learned(made: list[Exchange], known: list[KnownRoute], key: bytes) -> Any:
    model, redactor = Model(), Redactor(key=key)
    for exchange in made:
        model.add(redactor.redact(exchange))
    model.know(tuple(redactor.known_route(route) for route in known))
    model.settled()
    return json.dumps({name: openapi(service) for name, service in model.services.items()})


@settings(max_examples=100, deadline=None)
@given(st.lists(exchanges(), max_size=12), docs)
def test_the_key_of_the_placeholders_is_not_in_the_document(made: list[Exchange], doc: str | None) -> None:
    known = [KnownRoute(path, "POST", "e", doc or "", DECLARED) for path in ("/reset/<key>", "/uncalled")]
    assert learned(made, known, b"one") == learned(made, known, b"another")


@pytest.mark.parametrize("text", ["", "order 9991 of 999", "facade", "redacted-by-hand", "AB99 9991 2345 67", "999.5"])
def test_what_is_no_placeholder_stays(text: str) -> None:
    assert blanked(text) == text
