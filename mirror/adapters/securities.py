"""What FastAPI knows of an operation's security: the security schemes among its dependencies.

Read by attribute. A declaration of the part ``security`` names the credentials in mirror's words (``bearer``,
``header x-api-key``; see mirror.openapi.credentials); one without a name says that these are all that there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from mirror.exchange import Declaration

DEEPEST = 8
"""Levels of dependencies within dependencies."""


def fastapi_security(dependants: Iterable[Any]) -> tuple[Declaration, ...]:
    """Of a path operation of FastAPI's, by what it depends on; nothing of any other route. Raises whatever somebody's
    own kind of security raises, which need not be like others."""
    asked = [{*credentials(each, 0)} for each in dependants]
    found = sorted(kind for kind in set().union(*asked) if kind)
    return tuple(Declaration("security", kind) for kind in ("", *found)) if asked else ()


def credentials(dependant: Any, depth: int) -> Iterator[str]:
    """The credentials that a view, or a dependency, and what it depends on ask for."""
    for required in getattr(dependant, "security_requirements", None) or ():  # FastAPI before 0.123
        yield credential(required.security_scheme)
    call = dependant.call
    while isinstance(call, partial):
        call = call.func
    if hasattr(call, "scheme_name") and hasattr(call, "model"):
        yield credential(call)
    for inner in getattr(dependant, "dependencies", ()) if depth < DEEPEST else ():
        yield from credentials(inner, depth + 1)


def credential(scheme: Any) -> str:
    """What a security scheme asks for; empty where mirror has no word for it."""
    model = scheme.model
    kind = word(model.type_)
    if kind == "apiKey":
        place = word(getattr(model, "in_", ""))
        return f"{place} {model.name.lower() if place == 'header' else model.name}"
    if kind == "http":
        return str(model.scheme).lower()
    return "bearer" if kind in ("oauth2", "openIdConnect") else ""


def word(value: Any) -> str:
    """The text of a text or of a member of an enumeration."""
    return str(getattr(value, "value", value))
