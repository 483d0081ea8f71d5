"""What GraphQL operations look like in a document (``x-graphql``): OpenAPI has no words for them."""

from __future__ import annotations

from typing import Any

from mirror.openapi.evidence import GraphQL
from mirror.openapi.place import Place
from mirror.openapi.schema import Schemas


def graph(called: GraphQL) -> dict[str, Any]:
    """One operation: its kind, its documents, and the schemas of its variables and of its data."""
    schemas = Schemas()
    written: dict[str, Any] = {"kind": min(called.kinds, default="query"), "documents": called.documents}
    if called.variables.count:
        written["variables"] = schemas.schema(called.variables, Place("request"))
    if called.data.count:
        written["data"] = schemas.schema(called.data, Place("response"))
    return written
