"""The choices that people list in sentences: which are read, which are doubtful, and what lists none."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from mirror.openapi.options import LONGEST, Options, options, options_beside

CHOICES = ("new", "paid", "sent")


@pytest.mark.parametrize(
    "sentence",
    [
        "must be one of new, paid, sent",
        "Must be one of: new, paid, sent.",
        "must be one of the following: new, paid, sent",
        "must be one of these values: new, paid, sent",
        "must be one of [new, paid, sent]",
        "must be one of (new, paid, sent)!",
        "must be one of {new, paid, sent}",
        "must be one of [new paid sent]",
        "must be one of new, paid, or sent",
        "must be one of new|paid|sent",
        "must be one of new/paid/sent",
        "must be either new, paid or sent",
        "must be in [new, paid, sent]",
        "should be one of new, paid and sent",
        "has to be one of new, paid or sent",
        "phase has to be one of: new, paid, sent",
        "expected one of new, paid, sent",
        "expected one of new, paid, sent but got x",
        "must be one of new, paid, sent (got 'x')",
        "must be one of new, paid, sent. See the documentation.",
        "allowed values: new, paid, sent",
        "Allowed values are new, paid and sent.",
        "invalid phase 'x', allowed: new, paid, sent",
        "Invalid phase. Valid phases: new, paid, sent",
        "the valid values for phase are new, paid, sent",
        "unknown phase; known phases are new, paid and sent",
        "choose from new, paid, sent",
        "please choose one of new, paid, sent",
        "Choose a phase: new, paid or sent",
        "One of new, paid, sent",
        "x is not one of new, paid, sent",
        "is not in (new, paid, sent)",
        "only new, paid and sent are allowed",
        "options: new, paid, sent",
    ],
)
def test_what_people_write(sentence: str) -> None:
    assert options(sentence) == Options(CHOICES)


@pytest.mark.parametrize(
    "sentence",
    [
        "must be one of 'new', 'paid', 'sent'",
        "must be 'new', 'paid' or 'sent'",
        'must be one of "new", "paid" or "sent"',
        "must be one of ['new', 'paid', 'sent'], got 'x'",
        "invalid choice: 'x' (choose from 'new', 'paid', 'sent')",
        "must be one of `new`, `paid`, `sent`",
    ],
)
def test_what_is_quoted_is_text(sentence: str) -> None:
    assert options(sentence) == Options(CHOICES, "string")


def test_numbers_and_truths() -> None:
    assert options("must be one of 1, 2, 3") == Options(tuple("123"), "integer")
    assert options("must be 0.5 or 1") == Options(("0.5", "1"), "number")
    assert options("must be true or false") == Options(type="boolean")


@pytest.mark.parametrize(
    "sentence", ["must be new, paid or sent", "expected: new, paid, sent", "use new, paid or sent"]
)
def test_what_may_go_on_otherwise_is_doubtful(sentence: str) -> None:
    assert options(sentence) == Options(CHOICES, doubtful=True)


@pytest.mark.parametrize(
    "sentence",
    [
        "must be one of new, paid and 3 more",
        "must be one of new, paid, ...",
        "must be one of in the depot, on the way",
        "must be one of null, new",
        "choose from new, paid or what you like",
    ],
)
def test_what_cannot_be_read_is_doubtful(sentence: str) -> None:
    assert options(sentence) == Options(doubtful=True)


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "must be a date",
        "must be a positive integer",
        "must be between 1 and 10",
        "must be positive and even",
        "must be alphanumeric or underscore",
        "must be 8 or more",
        "must be one of the allowed values",
        "must not be one of new, paid",
        "must contain one of new, paid",
        "at least one of name, email is required",
        "values not allowed: new, paid",
        "invalid values: new, paid",
        "allowed characters: a-z, 0-9",
        "is not a valid choice",
        "expected date or datetime",
        "new, paid, sent",
    ],
)
def test_what_lists_no_choices(sentence: str) -> None:
    assert options(sentence) is None


def test_lists_beside_a_sentence() -> None:
    assert options_beside({"allowed": ["new", "paid", "sent"]}) == Options(CHOICES, "string")
    assert options_beside({"choices": [1, 2]}) == Options(tuple("12"), "integer")
    assert options_beside({"expected": ["string", "null"]}) is None
    assert options_beside({"expected": "string", "options": [], "enum": [{}], "allowed": [None, True]}) is None


words = st.sampled_from(
    "must be one of allowed values: only expected not in [ ] ( ) ' \" , | / or and . a new 1".split()
)


@given(st.text(max_size=LONGEST) | st.lists(words, max_size=100).map(" ".join))
def test_no_sentence_raises(sentence: str) -> None:
    found = options(sentence)
    assert found is None or found.choices or found.doubtful or found.type == "boolean"
