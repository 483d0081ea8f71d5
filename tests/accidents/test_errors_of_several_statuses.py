"""Accident: the object that FastAPI answers 400, 401, 403 and 404 with was called ``Unauthorized`` in all of them; and
where a run had only seen it with 401, it kept that name when later runs brought the others."""

from __future__ import annotations

import pytest
from learning import called, model

from mirror.openapi.document import Style, openapi


@pytest.mark.parametrize("statuses", [(401, 403, 404), (404, 400), (404, 404), (422,)])
def test_what_answers_errors_is_called_after_no_status(statuses: tuple[int, ...]) -> None:
    seen = [
        called("GET", path, path, b'{"detail":"no"}', status) for path in ("/orders", "/users") for status in statuses
    ]
    document = openapi(model(*seen).settled()[""], Style(evidence=False, examples=False))
    assert [*document["components"]["schemas"]] == ["Error"]
