"""Accident: ``--explain`` knew no security and no path as it was called, and said ``1 samples``; of
``GET /orders/1/lines`` it told what is known of ``GET /orders/{order_id}``, and components it did not know."""

from __future__ import annotations

import re

import msgspec
import pytest
from learning import called, model

from mirror.errors import LearnError
from mirror.openapi.document import openapi
from mirror.openapi.explain import explain


def test_what_a_security_stands_on_and_the_path_that_was_called() -> None:
    seen = [
        called("GET", "/bookings/7", "/bookings/{n}"),
        called("GET", "/bookings/me", "/bookings/me", status=401),
    ]
    service = model(*seen).settled()[""]
    assert explain(service, "GET /bookings/8")[0] == "GET /bookings/{n}: 1 sample"
    assert explain(service, "GET /bookings/8?page=1 path n")[0].startswith(
        "GET /bookings/{n} path n, accepted: in 1 of 1"
    )
    assert explain(service, "GET /bookings/me security") == [
        "GET /bookings/me security, without credentials: 0 accepted, 1 denied (401, 403), 0 answered otherwise"
    ]


ORDERS = [
    called("GET", "/orders/1", "/orders/<int:i>", b'{"id": 1, "state": "new"}'),
    called("GET", "/orders/1/lines", "/orders/<int:i>/lines", b'[{"sku": "a"}]'),
    called("GET", "/orders/last", "/orders/last", b'{"day": "Monday"}'),
    called("POST", "/orders", "/orders", b'{"id": 2, "state": "paid"}', 201),
    called("GET", "/files/a/b", "/files/<path:name>"),
    called("GET", "/rates", "/rates", b'{"EUR": {"rate": 1.5}, "USD": {"rate": 1.25}}'),
]
SERVICE = model(*ORDERS).settled()[""]


@pytest.mark.parametrize(
    ("called_as", "template"),
    [
        ("/orders/1/lines", "/orders/{i}/lines"),
        ("/orders/{order_id}/lines", "/orders/{i}/lines"),
        ("/orders/last", "/orders/last"),
        ("/orders/7", "/orders/{i}"),
        ("/files/x/y/z", "/files/{name}"),
    ],
)
def test_a_path_is_a_call_of_the_template_that_it_fits(called_as: str, template: str) -> None:
    assert explain(SERVICE, f"GET {called_as}")[0] == f"GET {template}: 1 sample"


@pytest.mark.parametrize(
    ("question", "near"),
    [
        ("GET /orders/1/nothing/at/all", "GET /orders/{i}/lines or GET /orders/{i}"),
        ("DELETE /orders/1", "GET /orders/{i}"),
        ("GET /rates/EUR", "GET /rates"),
        ("GET /rats", "GET /rates"),
        ("/rates", "GET /rates"),
        ("ORDER #/state", "Order or OrderLine?"),
    ],
)
def test_what_no_template_fits_was_not_seen(question: str, near: str) -> None:
    with pytest.raises(LearnError, match=f"was not seen: did you mean {re.escape(near)}"):
        explain(SERVICE, question)


def test_components_may_be_asked_for() -> None:
    assert explain(SERVICE, "Order #/state") == [
        "Order: stands at 2 places",
        "  POST /orders 201: 1 sample (t.py::test)",
        "    application/json: 1 body, 0 unreadable",
        "      #/state: in 1 of 1 sample: string; 1 distinct: 'paid'",
        "  GET /orders/{i} 200: 1 sample (t.py::test)",
        "    application/json: 1 body, 0 unreadable",
        "      #/state: in 1 of 1 sample: string; 1 distinct: 'new'",
    ]
    assert explain(SERVICE, "Rate #/rate")[-1] == "      #/*/rate: in 2 of 2 samples: number"
    assert explain(SERVICE, "Rate")[0] == "Rate: stands at 1 place"
    with pytest.raises(LearnError, match="a component, such as 'Order #/total'"):
        explain(SERVICE, "Nobody #/at/all")


def test_how_many_tests_there_are_beyond_those_that_are_listed() -> None:
    """They were cut at twenty, and nobody said so."""
    seen = [msgspec.structs.replace(called("GET", "/a", "/a"), test=f"t.py::test_{n:02}") for n in range(61)]
    lines = [explain(model(*each).settled()[""], "GET /a 200")[0] for each in (seen, seen[::-1])]
    merged = model(*seen[::2])
    merged.merge(model(*seen[1::2]))
    assert lines == [explain(merged.settled()[""], "GET /a 200")[0]] * 2
    assert lines[0].endswith("t.py::test_18, t.py::test_19 and 41 more)")
    operation = openapi(merged.settled()[""])["paths"]["/a"]["get"]
    assert len(operation["x-mirror"]["tests"]) == len(operation["responses"]["200"]["x-mirror"]["tests"]) == 20
    many = [msgspec.structs.replace(seen[0], test=f"t.py::test_{n:04}") for n in range(1001)]
    assert explain(model(*many).settled()[""], "GET /a 200")[0].endswith(" and at least 980 more)")
