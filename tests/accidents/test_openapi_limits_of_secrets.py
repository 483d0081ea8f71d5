"""Accident: a ``password`` with ``minLength: 8`` and ``maxLength: 128`` was any text in the document, and so was a mail
address with a limit: what looks secret had no limits, although the framework had checked the value itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

from fastapi import Body, FastAPI
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator
from pydantic import BaseModel, EmailStr, Field
from starlette.responses import JSONResponse

from mirror import Mirror

LIMITS = ("minLength", "maxLength", "pattern")


class Account(BaseModel):
    email: Annotated[EmailStr, Field(max_length=255)]
    password: str = Field(min_length=8, max_length=128)
    token: str = Field(max_length=8)
    api_key: str = Field(pattern="^k[0-9]+$")
    recovery_codes: list[Annotated[str, Field(max_length=80)]] = Field(max_length=5)


SENT = {
    "email": "zoe@example.com",
    "password": "Tr0ub4dor&3",
    "token": "t0k-815",
    "api_key": "k08154711",
    "recovery_codes": ["mail me at zoe@example.com"],
}


def document(path: Path, answer: Any = None) -> dict[str, Any]:
    app = FastAPI()

    @app.post("/accounts", response_model=Account)
    def make(account: Annotated[Account, Body()]) -> Any:
        return JSONResponse(answer or {})

    with Mirror(openapi=[path]):
        for _ in range(2):
            assert TestClient(app).post("/accounts", json=SENT).status_code == 200
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def limits(schema: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key in LIMITS}


def test_those_of_a_request_that_was_checked(tmp_path: Path) -> None:
    made = document(tmp_path / "a.json")
    content = made["paths"]["/accounts"]["post"]["requestBody"]["content"]["application/json"]
    schema = {**content["schema"], "components": made["components"]}
    (name,) = (each for each in made["components"]["schemas"] if each == content["schema"]["$ref"].rpartition("/")[2])
    members = made["components"]["schemas"][name]["properties"]
    assert limits(members["email"]) == {"maxLength": 255}
    assert limits(members["password"]) == {"minLength": 8, "maxLength": 128}
    assert limits(members["token"]) == limits(members["api_key"]) == {}  # the placeholder is beyond it, or may be
    assert limits(members["recovery_codes"]["items"]) == {"maxLength": 80}
    assert content["examples"]
    for each in content["examples"].values():
        Draft202012Validator(schema).validate(each["value"])


def test_of_an_answer_nobody_knows(tmp_path: Path) -> None:
    made = document(tmp_path / "a.json", {**SENT, "password": "Sh0rt&3"})
    content = made["paths"]["/accounts"]["post"]["responses"]["200"]["content"]["application/json"]
    members = made["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]["properties"]
    assert limits(members["password"]) == limits(members["email"]) == {}
