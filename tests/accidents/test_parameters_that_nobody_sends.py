"""A parameter of FastAPI's with a ``validation_alias`` was one that nobody sends, beside the one that tests sent."""

# Annotations are not postponed: FastAPI reads those of the view below.

import json
from pathlib import Path
from typing import Annotated

import fastapi
from starlette.testclient import TestClient

from mirror import Mirror


def test_there_is_the_one_that_is_sent(tmp_path: Path) -> None:
    app = fastapi.FastAPI()

    @app.get("/orders")
    def orders(size: Annotated[int, fastapi.Query(validation_alias="pageSize")]) -> list[str]:
        return []

    document = tmp_path / "openapi.json"
    with Mirror(openapi=str(document)):
        assert TestClient(app).get("/orders?pageSize=2").status_code == 200
    (operation,) = json.loads(document.read_text())["paths"]["/orders"].values()
    assert [(each["name"], each["required"]) for each in operation["parameters"]] == [("pageSize", True)]
