"""Accident: each path that was new in a document was looked for among all that were learned, and the mapping of all
paths was made anew for it; the same with components: three seconds for 4,500 paths."""

from __future__ import annotations

from typing import Any

import pytest

from mirror.openapi.joining import Joining
from mirror.openapi.marks import marked
from mirror.openapi.meeting import Meeting

Json = dict[str, Any]


class Looked(str):
    """A name that counts how often it is compared with others or looked up."""

    number = 0

    def __eq__(self, other: object) -> bool:
        Looked.number += 1
        return super().__eq__(other)

    def __hash__(self) -> int:
        Looked.number += 1
        return super().__hash__()


def document(names: list[str]) -> Json:
    def operation(name: str) -> Json:
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
        return {"operationId": name, "responses": {"200": {"description": "x", "content": content}}}

    schemas = {Looked(name): {"type": "object", "properties": {name: {"type": "string"}}} for name in names}
    paths = {Looked(f"/{name}"): {"get": operation(name)} for name in names}
    return {"openapi": "3.1.0", "info": {}, "paths": paths, "components": {"schemas": schemas}}


def joined(existing: Json, learned: Json) -> Json:
    Joining(Meeting(existing, marked(learned), set())).join()
    return existing


def test_new_paths_and_components_are_brought_in_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def work(number: int) -> int:
        monkeypatch.setattr(Looked, "number", 0)
        made = joined({"openapi": "3.1.0", "info": {}}, document([f"q{each:04}" for each in range(number)]))
        assert len(made["paths"]) == len(made["components"]["schemas"]) == number
        return Looked.number

    assert work(400) < 5 * work(100)


def test_they_stand_where_each_would() -> None:
    made = joined(document([*"zmc"]), document([*"abcdmnxz"]))
    assert [*made["paths"]] == ["/a", "/b", "/z", "/m", "/n", "/x", "/c", "/d"]
    assert [*made["components"]["schemas"]] == [*"abzmnxcd"]
