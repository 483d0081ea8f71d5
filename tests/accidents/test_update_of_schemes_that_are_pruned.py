"""Accident: a security scheme could be pruned that an operation still asks for; so could any component but a schema."""

from __future__ import annotations

from typing import Any

import pytest

from mirror.errors import DocumentError
from mirror.openapi.update import update
from mirror.openapi.writing import write

OK = {"200": {"description": "OK"}}
SCHEME = {"cookie.session": {"type": "apiKey", "in": "cookie", "name": "session"}}
SEEN: dict[str, Any] = {"openapi": "3.1.0", "paths": {"/other": {"get": {"responses": OK}}}}


def pruned(name: str, operation: dict[str, Any], components: dict[str, Any], **more: Any) -> list[str]:
    document = SEEN | {"paths": {"/me": {"get": {"responses": OK} | operation}}, "components": components} | more
    text = write(document, "json")
    return update(text, SEEN, prune=[name], form="json").pruned


def test_what_an_operation_asks_for_is_referred_to() -> None:
    asking = {"security": [{}, {"cookie.session": []}]}
    with pytest.raises(DocumentError, match=r"'cookie.session' cannot be pruned: #/paths/~1me/get/security refers to"):
        pruned("cookie.session", asking, {"securitySchemes": SCHEME})
    with pytest.raises(DocumentError, match=r"'cookie.session' cannot be pruned: #/security refers to it"):
        pruned("cookie.session", {}, {"securitySchemes": SCHEME}, security=asking["security"])


def test_what_nothing_asks_for_goes() -> None:
    assert pruned("cookie.session", {}, {"securitySchemes": SCHEME}) == ["cookie.session"]


def test_so_is_a_response() -> None:
    answers = {"responses": {"404": {"$ref": "#/components/responses/Gone"}}}
    with pytest.raises(DocumentError, match="'Gone' cannot be pruned: #/paths/~1me/get/responses/404 refers to it"):
        pruned("Gone", answers, {"responses": {"Gone": {"description": "Gone"}}})
