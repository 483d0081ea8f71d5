"""Python 3.13 calls four statuses otherwise than those before it, and so did the documents that were learned."""

from __future__ import annotations

import pytest

from mirror.openapi.wording import phrase


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (413, "Content Too Large"),
        (414, "URI Too Long"),
        (416, "Range Not Satisfiable"),
        (422, "Unprocessable Content"),
        (404, "Not Found"),
        (499, "Status 499"),
    ],
)
def test_a_document_says_the_same_under_any(status: int, words: str) -> None:
    assert phrase(status) == words
