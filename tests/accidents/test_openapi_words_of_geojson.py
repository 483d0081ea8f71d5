"""Accident: the ``type`` of a feature (GeoJSON) might be any text, beside coordinates that only a point has."""

from __future__ import annotations

import json
from typing import Any

import pytest
from learning import called, model

from mirror.exchange import Declaration, KnownRoute
from mirror.openapi.document import Style, openapi

POINT = {"type": "Point", "coordinates": [7.5, 46.9]}
LINE = {"type": "LineString", "coordinates": [[7.5, 46.9], [8.5, 47.3]]}


def types(*values: Any, route: KnownRoute | None = None) -> list[Any]:
    seen = [called("GET", "/stops", "/stops", json.dumps(each).encode()) for each in values]
    made = openapi(model(*seen, *([route] if route else [])).settled()[""], Style(examples=False, evidence=False))
    schemas = made["components"]["schemas"].values()
    return sorted((each["properties"]["type"] for each in schemas if "type" in each["properties"]), key=str)


def words(*found: str) -> dict[str, Any]:
    return {"type": "string", "enum": [*found]}


def test_one_of_each_is_enough() -> None:
    feature = {"type": "Feature", "geometry": POINT, "properties": {"name": "Bern"}}
    assert types({"type": "FeatureCollection", "features": [feature]}) == [
        words("Feature"),
        words("FeatureCollection"),
        words("Point"),
    ]
    assert types(POINT, LINE) == [words("LineString", "Point")]


@pytest.mark.parametrize(
    "value",
    [{"type": "Point", "value": 5}, {"type": "Depot", "coordinates": [1.5, 2]}, {"type": "Point", "features": []}],
    ids=str,
)
def test_what_is_none_of_them_may_be_anything(value: Any) -> None:
    assert types(value) == [{"type": "string"}]


def test_a_model_knows_better() -> None:
    said = [Declaration("200", kinds=("object",)), Declaration("200", "type", kinds=("string",))]
    said.append(Declaration("200", "coordinates", kinds=("array",)))
    assert types(POINT, route=KnownRoute("/stops", "GET", declared=tuple(said))) == [{"type": "string"}]
