"""Accident: the object that FastAPI answers 400, 401, 403 and 404 with was called ``Unauthorized`` in all of them; and
where a run had only seen it with 401, it kept that name when later runs brought the others."""

from __future__ import annotations

from typing import Any

import pytest
from learning import called, model

from mirror import Exchange
from mirror.openapi.document import Style, openapi
from mirror.openapi.update import update


@pytest.mark.parametrize("statuses", [(401, 403, 404), (404, 400), (404, 404), (422,)])
def test_what_answers_errors_is_called_after_no_status(statuses: tuple[int, ...]) -> None:
    seen = [
        called("GET", path, path, b'{"detail":"no"}', status) for path in ("/orders", "/users") for status in statuses
    ]
    document = openapi(model(*seen).settled()[""], Style(evidence=False, examples=False))
    assert [*document["components"]["schemas"]] == ["Error"]


OTHER = b'{"error":{"code":1,"message":"no"}}'


def learned(*seen: Exchange) -> dict[str, Any]:
    return openapi(model(*seen).settled()[""])


def test_later_runs_show_it_with_others() -> None:
    first = called("GET", "/orders", "/orders", b'{"detail":"no"}', 401)
    others = [called("GET", "/orders", "/orders", b'{"detail":"no"}', status) for status in (404, 409)]
    text = update("", learned(first)).text
    after = update(text, learned(first, *others))
    assert (after.conflicts, after.text.count("/schemas/Error")) == ([], 3)


def test_one_of_another_form_has_a_number() -> None:
    one = called("GET", "/orders", "/orders", b'{"detail":"no"}', 404)
    made = learned(one, called("GET", "/users", "/users", OTHER, 409))
    assert {"Error", "Error2"} <= made["components"]["schemas"].keys()
    text = update("", learned(one)).text
    lone = learned(called("GET", "/users", "/users", OTHER, 409))
    after = update(text, lone)
    assert not after.conflicts
    assert "#/components/schemas/Error2" in after.text
    assert update(after.text, lone).text == after.text
