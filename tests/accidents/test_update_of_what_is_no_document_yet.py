"""Accident: an update kept ``NaN`` in a JSON document, which is none then, and left documents invalid that had no
title, or called their version by a number."""

from __future__ import annotations

import json
from typing import Any

import pytest
from learning import called, model

from mirror.errors import DocumentError
from mirror.openapi.document import openapi
from mirror.openapi.reading import read
from mirror.openapi.update import update

LEARNED = openapi(model(called("GET", "/a", "/a")).settled()[""])
WHOLE: dict[str, Any] = {"openapi": "3.1.0", "info": {"title": "Shop", "version": "1"}, "paths": {}}


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number(value: str) -> None:
    text = json.dumps(WHOLE, indent=1).replace('"1"', value)
    with pytest.raises(DocumentError, match=r"^api.json, line 5, column 14: this is no JSON"):
        update(text, LEARNED, name="api.json")


def test_versions_that_are_numbers() -> None:
    text = "openapi: 3.1\ninfo: {title: Shop, version: '1'}\npaths: {}\n"
    with pytest.raises(DocumentError, match=r'^api.yaml: "openapi" is no text: write "3.1.0"'):
        update(text, LEARNED, name="api.yaml")


@pytest.mark.parametrize("info", [{}, {"title": "Shop"}, {"title": "Shop", "version": "1", "contact": {}}, None])
def test_documents_that_do_not_say_what_they_are(info: Any) -> None:
    whole = {key: value for key, value in {**WHOLE, "info": info}.items() if value is not None}
    for form in (json.dumps(whole, indent=2), json.dumps(whole).replace('"', "'")):
        made = read(update(form, LEARNED).text, "it")
        named = {key: LEARNED["info"][key] for key in ("title", "version")}
        assert made["info"] == {**named, **(info or {})}
        assert list(made)[:2] == ["openapi", "info"]


def test_documents_without_paths() -> None:
    made = read(update('{"openapi": "3.1.0", "info": {"title": "Shop", "version": "1"}}', LEARNED).text, "it")
    assert list(made) == ["openapi", "info", "paths"]
