"""Accident: the object that FastAPI answers 400, 401, 403 and 404 with was called ``Unauthorized`` in all of them."""

from __future__ import annotations

import pytest
from learning import called, model

from mirror.openapi.document import Style, openapi


@pytest.mark.parametrize(
    ("statuses", "name"), [((401, 403, 404), "Error"), ((404, 400), "Error"), ((404, 404), "NotFound")]
)
def test_what_answers_several_statuses_is_called_after_none(statuses: tuple[int, ...], name: str) -> None:
    seen = [
        called("GET", path, path, b'{"detail":"no"}', status) for path in ("/orders", "/users") for status in statuses
    ]
    document = openapi(model(*seen).settled()[""], Style(evidence=False, examples=False))
    assert [*document["components"]["schemas"]] == [name]
