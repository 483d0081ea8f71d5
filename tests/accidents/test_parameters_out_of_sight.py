"""Accident: beside a parameter in a file that is not read, ``--update`` added one that may have overridden it."""

from __future__ import annotations

import pytest
import yaml
from learning import called, model

from mirror.openapi.document import Style
from mirror.openapi.output import brought_into

TEXT = """openapi: 3.1.0
info: {{title: t, version: "1"}}
paths:
  /orders:
    parameters:
      - $ref: "shared.yaml#/parameters/{name}"
    {method}:
      responses: {{"200": {{description: Fine}}}}
"""


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("name", "told"), [("paging", True), ("pageSize", False)])
def test_what_may_be_out_of_sight_is_told(name: str, told: bool, method: str) -> None:
    service = model(called("GET", "/orders?page_size=5", "/orders")).settled()[""]
    updated = brought_into(TEXT.format(name=name, method=method), service, Style(), None)
    assert "parameters" not in yaml.safe_load(updated.text)["paths"]["/orders"]["get"]
    assert ["shared.yaml" in str(conflict) for conflict in updated.conflicts] == [True] * told
