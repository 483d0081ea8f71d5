"""Accident: beside ``ParcelCreateInput`` and ``ParcelPatchInput`` the body of a DELETE was a ``ParcelInput``."""

from __future__ import annotations

from learning import called, model

from mirror.openapi.document import openapi


def test_they_are_called_after_the_method() -> None:
    seen = called("DELETE", "/parcels/1", "/parcels/{n}", b"", 204, b'{"reason": "lost"}')
    assert set(openapi(model(seen).settled()[""])["components"]["schemas"]) == {"ParcelDeleteInput"}
