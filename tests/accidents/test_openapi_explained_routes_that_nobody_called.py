"""Accident: of a header field of a route that no test called nothing was explained in its own spelling, and what is
nowhere declared was answered as if all were well; defaults and limits were not told."""

from __future__ import annotations

import pytest

from mirror.exchange import Declaration, KnownRoute
from mirror.openapi.explain import explain
from mirror.openapi.model import Service

NOTES = (("default", '"de"'), ("maxLength", "2"))
ROUTE = KnownRoute("/y", "GET", "y", declared=(Declaration("header", "X-Trace", kinds=("string",), notes=NOTES),))


@pytest.mark.parametrize("name", ["X-Trace", "x-trace"])
def test_header_fields_in_any_letters(name: str) -> None:
    told = "\n".join(explain(Service(known={ROUTE}), f"GET /y header {name}"))
    assert "no test called it" in told
    assert 'declared: string; default "de"; maxLength 2' in told


@pytest.mark.parametrize("question", ["query nonsense", "200 #/banana"])
def test_what_is_not_declared_is_told(question: str) -> None:
    told = "\n".join(explain(Service(known={ROUTE}), f"GET /y {question}"))
    assert "nothing is declared of it" in told
