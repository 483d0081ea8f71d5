"""GeoJSON (RFC 7946), known by its form: the ``type`` of an object is a word that goes with its other members."""

from __future__ import annotations

from mirror.openapi.shape import Members

GEOMETRIES = frozenset({"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"})
BESIDE = {
    "coordinates": GEOMETRIES,
    "geometries": frozenset({"GeometryCollection"}),
    "geometry": frozenset({"Feature"}),
    "features": frozenset({"FeatureCollection"}),
}
"""The types of objects that have a member."""


def geojson_types(group: Members) -> list[str]:
    """The types of objects of GeoJSON that were seen, sorted; none where objects are anything else. (What coordinates
    are like goes with the type: of others than those that were seen nobody knows them.)"""
    strings = group.members["type"].strings
    seen = strings.values if strings is not None else None
    known = {each for name, types in BESIDE.items() if name in group.members for each in types}
    return sorted(seen) if seen and group.members["type"].kinds == {"string"} and seen <= known else []
