"""Where all operations answer in envelopes of one form ({"total": 1, "items": [...]}), each was compared with each, and
for that merged anew: a thousand of them took 36 s to write."""

from __future__ import annotations

import json

import pytest
from learning import called, model

from mirror.openapi import group
from mirror.openapi.document import openapi

MANY = 300


def test_lists_of_other_things_are_told_apart_by_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []
    whole = group.alike

    def alike(*both: object) -> bool:
        looked.append(both)
        return whole(*both)  # type: ignore[arg-type]

    monkeypatch.setattr(group, "alike", alike)
    bodies = [{"total": 1, "items": [{f"a{number}": 1, f"b{number}": 2}]} for number in range(MANY)]
    seen = [
        called("GET", f"/things{number}", f"/things{number}", json.dumps(body).encode())
        for number, body in enumerate(bodies)
    ]
    made = openapi(model(*seen).settled()[""])
    assert len(made["components"]["schemas"]) == 2 * MANY
    assert len(looked) <= 4 * MANY
