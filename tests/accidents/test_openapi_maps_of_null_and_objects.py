"""Accident: whether objects are a map was judged by the member that was seen first, which may have been null: another
order of tests gave another document."""

from __future__ import annotations

from itertools import permutations

from learning import called, model

from mirror.openapi.document import Style, openapi

SENT = (b'{"old": null, "tea": {}}', b'{"milk": {}}', b'{"old": {}, "rum": null}')


def test_any_order_gives_the_same() -> None:
    for some in (SENT[:2], SENT[1:], SENT):
        documents = []
        for order in permutations(some):
            seen = [called("PUT", "/prices", "/prices", sent=each) for each in order]
            documents.append(openapi(model(*seen).settled()[""], Style(examples=False)))
        assert all(each == documents[0] for each in documents)
