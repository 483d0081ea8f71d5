"""Accident: names with a number that another already had. An example was lost to its namesake; paths in other alphabets
had operation IDs with one underscore more each."""

from __future__ import annotations

from learning import called, model
from msgspec.structs import replace

from mirror import Exchange, Route
from mirror.openapi.document import openapi


def seen(path: str, test: str, body: bytes = b"{}") -> Exchange:
    return replace(called("GET", path, path, body), test=test, route=Route(path))


def test_examples_of_tests_that_are_called_alike() -> None:
    names = ["a.py::test_a", "b.py::test_a", "c.py::test_a_2"]
    made = model(*(seen("/a", test, b'{"n": %d}' % number) for number, test in enumerate(names)))
    document = openapi(made.settled()[""])
    (content,) = document["paths"]["/a"]["get"]["responses"]["200"]["content"].values()
    assert sorted(each["value"]["n"] for each in content["examples"].values()) == [0, 1, 2]


def test_operations_of_which_no_name_can_be_made() -> None:
    made = model(*(seen(path, "t.py::test") for path in ("/\u0437\u0430", "/\u0442\u043e", "/\u043b\u044e")))
    ids = [item["get"]["operationId"] for item in openapi(made.settled()[""])["paths"].values()]
    assert sorted(ids) == ["get", "get_2", "get_3"]
