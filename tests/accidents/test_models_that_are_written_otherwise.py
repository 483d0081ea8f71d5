"""A response had members that no answer has: those that its model has before its serializer makes something else of it,
and those that are called by their aliases where FastAPI is told to leave those out."""

# Annotations are not postponed: FastAPI reads those of the views below.

import json
from pathlib import Path
from typing import Any

import fastapi
import pydantic
from starlette.testclient import TestClient

from mirror import Mirror


class Price(pydantic.BaseModel):
    cents: int = 0

    @pydantic.model_serializer
    def written(self) -> dict[str, Any]:
        return {"amount": "0.00"}


class Buyer(pydantic.BaseModel):
    first: str = pydantic.Field("Ann", alias="firstName")
    last: str | None = pydantic.Field(None, alias="lastName")


class Parcel(pydantic.BaseModel):
    weight: int = 0

    @pydantic.model_validator(mode="before")
    @classmethod
    def read(cls, value: Any) -> Any:
        return {"weight": value["grams"]} if "grams" in value else value


def test_its_members_are_those_of_the_answers(tmp_path: Path) -> None:
    app = fastapi.FastAPI()

    @app.post("/prices")
    def price(parcel: Parcel) -> Price:
        return Price()

    @app.get("/buyer", response_model_by_alias=False, response_model_exclude_none=True)
    def buyer() -> Buyer:
        return Buyer()

    document = tmp_path / "openapi.json"
    with Mirror(openapi=str(document)):
        client = TestClient(app)
        assert client.post("/prices", json={"grams": 3}).json() == {"amount": "0.00"}
        assert client.get("/buyer").json() == {"first": "Ann"}
    schemas = json.loads(document.read_text())["components"]["schemas"]
    members = {name: list(schema["properties"]) for name, schema in schemas.items()}
    assert members == {"Buyer": ["first", "last"], "Parcel": ["grams"], "Price": ["amount"]}
