"""Accident: a view with ``response_model_exclude={"secret"}`` said nothing of its whole model."""

# Annotations are not postponed: FastAPI reads those of the views below.

from typing import Any

import pytest
from fastapi import FastAPI
from learning import learned_from
from pydantic import BaseModel, Field

from mirror.adapters.known import starlette_routes
from mirror.openapi.document import Style, openapi


class Account(BaseModel):
    id: int
    mail: str | None = Field(None, serialization_alias="eMail")
    secret: str = "s"
    inner: dict[str, int] = {}


LEFT = {
    "id": {"type": "integer"},
    "eMail": {"type": ["string", "null"]},
    "inner": {"type": "object", "additionalProperties": {"type": "integer"}, "default": {}},
}


def learned(**said: Any) -> dict[str, Any]:
    app = FastAPI()

    @app.get("/accounts", **said)
    def shown() -> Account:
        return Account(id=1, mail="ann@example.org", inner={"a": 1})

    service = learned_from(app, lambda client: client.get("/accounts"))
    service.known.update(starlette_routes(app.router, ""))
    found: dict[str, Any] = openapi(service, Style(evidence=False))["components"]["schemas"]
    return found


@pytest.mark.parametrize(
    "said",
    [
        {"response_model_exclude": {"secret"}},
        {"response_model_exclude": ["secret", "nothing"]},
        {"response_model_exclude": {"secret": True}},
        {"response_model_include": {"id", "mail", "inner"}},
        {"response_model_include": {"id", "mail", "inner", "secret"}, "response_model_exclude": {"secret"}},
    ],
)
def test_the_others_are_as_they_are_declared(said: dict[str, Any]) -> None:
    schemas = learned(**said)
    assert schemas == {"Account": {"type": "object", "properties": LEFT, "required": ["id"]}}


def test_what_goes_deeper_says_nothing() -> None:
    (schema,) = learned(response_model_exclude={"inner": {"a"}}).values()
    assert schema["properties"]["eMail"] == {"type": "string", "format": "email"}
