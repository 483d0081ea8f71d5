"""What is said of forms."""

from __future__ import annotations

from typing import Any

import pytest

from mirror.openapi.evidence import Answer, Content, Operation, Part, Refusal
from mirror.openapi.forms import form_schema
from mirror.openapi.shape import Shape
from mirror.openapi.texts import Texts

FILE = {"type": "string", "format": "binary"}


def form(count: int = 2, files: dict[str, Part] | None = None, **fields: str) -> Content:
    content = Content(count, family="multipart", files=files or {})
    for name, value in fields.items():
        content.fields[name] = Texts()
        for _ in range(count):
            content.fields[name].add([value])
    return content


def told(**refusals: Refusal) -> Operation:
    return Operation(refusals={f"body {name}": refusal for name, refusal in refusals.items()})


@pytest.mark.parametrize(
    ("refusal", "is_there"),
    [
        (Refusal(1, types={"integer"}), True),
        (Refusal(1, choices={"a", "b"}), True),
        (Refusal(1, missing=1, types={"integer"}), False),
        (Refusal(1), False),
    ],
)
def test_what_was_refused_and_never_accepted_is_a_field(refusal: Refusal, is_there: bool) -> None:
    assert ("other" in form_schema(form(name="x"), told(other=refusal))["properties"]) == is_there


@pytest.mark.parametrize(
    ("name", "part", "refusal", "is_list"),
    [
        ("photo", Part(2), None, False),
        ("photo[]", Part(2), None, True),
        ("photo", Part(2, 1), None, True),
        ("photo", Part(2), Refusal(1, types={"array", "null"}), True),
        ("photo", Part(2), Refusal(1, types={"array", "string"}), False),
    ],
)
def test_files_are_several(name: str, part: Part, refusal: Refusal | None, is_list: bool) -> None:
    schema = form_schema(form(files={name: part}), None if refusal is None else told(**{name: refusal}))
    expected: dict[str, Any] = {"type": "array", "items": FILE} if is_list else FILE
    assert schema["properties"][name] == expected


@pytest.mark.parametrize("count", [1, 2])
def test_one_form_requires_nothing(count: int) -> None:
    assert form_schema(form(count, name="x"), None).get("required", []) == (["name"] if count > 1 else [])


def test_null_is_among_the_choices() -> None:
    refusal = Refusal(0, types={"null", "string"}, choices={"a", "b"})
    made = form_schema(form(mode="a"), told(mode=refusal))["properties"]["mode"]
    assert made == {"type": ["string", "null"], "enum": ["a", "b", None]}


LOGIN = {"username": "ann", "password": "x"}
TOKEN = {"access_token": "a", "token_type": "bearer", "expires_in": 3600}


def token(answer: dict[str, Any], status: int = 200, family: str = "form", **fields: str) -> Any:
    shape = Shape()
    shape.add(answer)
    content = form(**fields)
    content.family = family
    answers = {status: Answer(1, contents={"application/json": Content(1, family="json", shape=shape)})}
    return content, Operation(answers=answers)


def test_a_password_for_a_token_may_have_what_oauth_says() -> None:
    made = form_schema(*token(TOKEN, **LOGIN))
    assert [*made["properties"]] == ["client_id", "client_secret", "grant_type", "password", "scope", "username"]
    assert made["required"] == ["password", "username"]
    assert made["properties"]["grant_type"] == {"type": ["string", "null"]}
    assert form_schema(*token(TOKEN, **LOGIN, scope="2026-01-02"))["properties"]["scope"]["format"] == "date"


@pytest.mark.parametrize(
    "asked",
    [
        token({"session": "a"}, **LOGIN),
        token(TOKEN, 401, **LOGIN),
        token(TOKEN, family="multipart", **LOGIN),
        token(TOKEN, username="ann"),
    ],
)
def test_what_else_has_a_password_has_not(asked: Any) -> None:
    assert "grant_type" not in form_schema(*asked)["properties"]


def test_nor_where_a_model_says_what_there_is() -> None:
    assert form_schema(*token(TOKEN, **LOGIN), is_closed=True)["properties"].keys() == LOGIN.keys()
