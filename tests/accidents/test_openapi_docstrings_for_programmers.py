"""Accident: ``:returns: nothing`` was published as a description; only ``:return:``, ``:param:`` and ``:raises:`` were
known, and not the form feed behind which FastAPI publishes nothing."""

from __future__ import annotations

import pytest

from mirror.openapi.evidence import Operation
from mirror.openapi.wording import described

FIELDS = [
    ":return: it",
    ":returns: it",
    ":rtype: int",
    ":param int a: it",
    ":type a: int",
    ":raise Gone: if",
    ":raises: if",
    "\f it",
]


@pytest.mark.parametrize("field", FIELDS)
def test_fields_are_not_published(field: str) -> None:
    operation = Operation()
    operation.docs[:] = [f"Cancel an order.\n\nFor good.\n\n{field}\n"]
    assert described(operation, "DELETE", "/orders/{id}") == ("Cancel an order", "For good.")
    operation.docs[:] = [f"Cancel an order.\n\n{field}\n"]
    assert described(operation, "DELETE", "/orders/{id}") == ("Cancel an order", "")


def test_other_words_are() -> None:
    operation = Operation()
    operation.docs[:] = ["Cancel.\n\n:note: it is gone, `:returns:` and all"]
    assert described(operation, "DELETE", "/orders/{id}")[1] == ":note: it is gone, `:returns:` and all"
