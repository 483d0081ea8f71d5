"""Accident: in the lists of a model that a union holds, which a field tells apart, models had no names: a ``Quiz`` of
``QuizQuestion`` had ``Question``."""

# Annotations are not postponed: FastAPI reads those of the views below.

from typing import Annotated, Any, Literal

from fastapi import FastAPI
from learning import learned_from
from pydantic import BaseModel, Field

from mirror.adapters.known import starlette_routes
from mirror.openapi.document import Style, openapi


class QuizQuestion(BaseModel):
    text: str
    hints: dict[str, str] = {}


class Quiz(BaseModel):
    kind: Literal["quiz"]
    questions: list[QuizQuestion]


class Reading(BaseModel):
    kind: Literal["reading"]
    body: str


class Course(BaseModel):
    lesson: Annotated[Quiz | Reading, Field(discriminator="kind")]


def call(client: Any) -> None:
    for lesson in (
        {"kind": "quiz", "questions": [{"text": "x", "hints": {"a": "b"}}]},
        {"kind": "reading", "body": "x"},
    ):
        client.post("/courses", json={"lesson": lesson})


def test_they_are_those_of_the_models() -> None:
    app = FastAPI()

    @app.post("/courses")
    def add(course: Course) -> Course:
        return course

    service = learned_from(app, call)
    service.known.update(starlette_routes(app.router, ""))
    schemas = openapi(service, Style(evidence=False))["components"]["schemas"]
    names = {"Course", "Quiz", "Reading", "QuizQuestion"}
    assert schemas.keys() == names | {f"{name}Input" for name in names}
