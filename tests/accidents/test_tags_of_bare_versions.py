"""Accident: the operations below ``/api/1`` had the tag ``1``."""

from __future__ import annotations

import pytest
from learning import called, model

from mirror.openapi.document import Style, openapi


@pytest.mark.parametrize("version", ["1", "2.0", "v3", "2024"])
def test_a_version_is_no_tag(version: str) -> None:
    path = f"/api/{version}/rpc"
    document = openapi(model(called("GET", path, path)).settled()[""], Style())
    assert document["tags"] == [{"name": "rpc"}]
