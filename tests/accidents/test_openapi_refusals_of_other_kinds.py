"""Accident: requests of several kinds, which a member tells apart: a refusal of one kind that lists all that is missing
does not name what the others must have, and so nothing was required of those any more."""

from __future__ import annotations

import json
from typing import Any

from learning import called, model

from mirror.openapi.document import openapi

SENT: list[dict[str, Any]] = [
    {"kind": "card", "number": "4000", "holder": "Ann"},
    {"kind": "card", "number": "4001", "holder": "Bob"},
    {"kind": "cash", "drawer": 1, "given": 5},
    {"kind": "cash", "drawer": 2, "given": 7},
]


def test_what_one_kind_lacks_says_nothing_of_the_others() -> None:
    seen = [called("POST", "/pay", "/pay", b"{}", sent=json.dumps(each).encode()) for each in SENT]
    said = {"detail": [{"type": "missing", "loc": ["body", "given"], "msg": "Field required", "input": {}}]}
    refused = json.dumps({"kind": "cash", "drawer": 1}).encode()
    seen.append(called("POST", "/pay", "/pay", json.dumps(said).encode(), 422, refused))
    schemas = openapi(model(*seen).settled()[""])["components"]["schemas"]
    required = {frozenset(each["properties"]): each["required"] for each in schemas.values() if "kind" in str(each)}
    assert required[frozenset({"kind", "number", "holder"})] == ["kind", "number", "holder"]
    assert required[frozenset({"kind", "drawer", "given"})] == ["kind", "drawer", "given"]
