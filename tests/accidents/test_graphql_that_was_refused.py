"""Accident: a field that only a refused query had asked for stood in the schema that was learned."""

from __future__ import annotations

from typing import Any

import pytest
from learning import called, model

from mirror.openapi.document import Style, openapi


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        (b'{"errors":[{"message":"no such field"}]}', None),
        (b'{"errors":[{"message":"no such field"}],"data":null}', None),
        (b'{"errors":[{"message":"no pet"}],"data":{"pet":null}}', ["pet"]),
    ],
)
def test_what_was_refused_is_no_operation(answer: bytes, names: list[str] | None) -> None:
    seen = called("POST", "/graphql", "/graphql", answer, sent=b'{"query":"{ pet { nmae } }"}')
    document: dict[str, Any] = openapi(model(seen).settled()[""], Style())
    found = document["paths"]["/graphql"]["post"].get("x-graphql")
    assert (found and [*found]) == names
