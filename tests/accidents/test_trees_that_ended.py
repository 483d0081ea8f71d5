"""Where a tree's model refers to itself the document said nothing, if no test had sent a branch; if some had, branches
were of another kind than their tree."""

# Annotations are not postponed: FastAPI reads those of the views below.

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import fastapi
import pydantic
import pytest
from starlette.testclient import TestClient

from mirror import Mirror


class Tree(pydantic.BaseModel):
    name: str
    kids: "list[Tree]" = []
    parent: "Tree | None" = None


class Buyer(pydantic.BaseModel):
    last: "Order | None" = None


class Order(pydantic.BaseModel):
    buyer: Buyer | None = None
    total: int = 0


class Sum(pydantic.BaseModel):
    kind: Literal["sum"]
    left: "Annotated[Sum | Number, pydantic.Field(discriminator='kind')]"


class Number(pydantic.BaseModel):
    kind: Literal["number"]
    value: int


class Item(pydantic.BaseModel):
    size: int = 0


Outer = pydantic.create_model("Item", inside=(Item | None, None), count=(int, 0))
for model in (Buyer, Sum):
    model.model_rebuild()


def schemas_of(tmp_path: Path, kind: Any, *bodies: Any) -> dict[str, Any]:
    app = fastapi.FastAPI()

    @app.post("/trees")
    def plant(tree: kind) -> fastapi.Response:
        return fastapi.Response(status_code=204)

    document = tmp_path / "openapi.json"
    with Mirror(openapi=str(document)):
        for body in bodies:
            assert TestClient(app).post("/trees", json=body).status_code == 204
    return json.loads(document.read_text())["components"]["schemas"]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "body",
    [
        {"name": "oak"},
        {"name": "oak", "parent": None},
        {"name": "oak", "kids": [{"name": "elm"}]},
        {"name": "oak", "kids": [{"name": "elm", "parent": {"name": "ash", "kids": []}}]},
    ],
)
def test_a_tree_refers_to_itself(tmp_path: Path, body: Any) -> None:
    (tree,) = schemas_of(tmp_path, Tree, body).values()
    itself = {"$ref": "#/components/schemas/Tree"}
    assert tree["properties"]["kids"]["items"] == itself
    assert tree["properties"]["parent"]["anyOf"] == [itself, {"type": "null"}]
    assert tree["required"] == ["name"]


def test_models_of_one_another(tmp_path: Path) -> None:
    found = schemas_of(tmp_path, Order, {"total": 1})
    assert found["Order"]["properties"]["buyer"]["anyOf"][0] == {"$ref": "#/components/schemas/Buyer"}
    assert found["Buyer"]["properties"]["last"]["anyOf"][0] == {"$ref": "#/components/schemas/Order"}


def test_models_that_a_member_tells_apart(tmp_path: Path) -> None:
    number = {"kind": "number", "value": 1}
    kind = Annotated[Sum | Number, pydantic.Field(discriminator="kind")]
    found = schemas_of(tmp_path, kind, {"kind": "sum", "left": {"kind": "sum", "left": number}}, number)
    sums = [schema for schema in found.values() if "left" in schema["properties"]]
    assert sums
    assert all(len(schema["properties"]["left"]["oneOf"]) == 2 for schema in sums)


def test_another_model_of_the_same_name(tmp_path: Path) -> None:
    found = schemas_of(tmp_path, Outer, {"count": 1})
    assert sorted(sorted(schema["properties"]) for schema in found.values()) == [["count", "inside"], ["size"]]
