'''Accident: ``\\"""`` in a block string was read as an escaped quotation mark and two more, and a backslash before any
other character as an escape (GraphQL, October 2021, section 2.9.4): such calls were no GraphQL.'''

from __future__ import annotations

import pytest

from mirror.openapi.graphql_document import DocumentError, parse


@pytest.mark.parametrize("text", [r'"""a " b } \""""""', r'"""\d \u"""', '""""""', r'"""\""" \""" a"""'])
def test_they_are_read_as_they_are_meant(text: str) -> None:
    assert parse(f"query Q {{ a(b: {text}) }}").operations


@pytest.mark.parametrize("text", [r'"""a\""""', '"""a""""', r'"""\"""'])
def test_what_does_not_end_is_none(text: str) -> None:
    with pytest.raises(DocumentError):
        parse(f"query Q {{ a(b: {text}) }}")
