"""A GraphQL string with an escape that there is none of was read, and its call taken for an operation."""

from __future__ import annotations

import pytest

from mirror.openapi.graphql_document import DocumentError, parse


@pytest.mark.parametrize("escape", ["\\}", "\\x41", "\\u12", "\\"])
def test_they_are_refused(escape: str) -> None:
    with pytest.raises(DocumentError):
        parse(f'{{ a(b: "s{escape}") }}')


@pytest.mark.parametrize("escape", ['\\"', "\\\\", "\\/", "\\n", "\\u0041", "\\u{1F600}"])
def test_the_others_are_read(escape: str) -> None:
    assert parse(f'{{ a(b: "s{escape}") }}').operations
