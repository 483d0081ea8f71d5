"""Accident: from values alone ``GET /rooms/1/photo`` was taken for a static file, since it answers a picture."""

from __future__ import annotations

import pytest
from factories import make_exchange, make_request, make_response

from mirror.openapi.observation import reason_to_skip


@pytest.mark.parametrize(
    ("path", "reason"), [("/rooms/1/photo", None), ("/v1.2/photo", None), ("/img/logo.png?v=1", "a static file")]
)
def test_a_static_file_has_an_extension(path: str, reason: str | None) -> None:
    response = make_response(200, b"\x89PNG", headers=[("Content-Type", "image/png")])
    assert reason_to_skip(make_exchange(make_request("GET", path), response, gateway="har")) == reason
