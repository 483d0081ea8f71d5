"""What FastAPI knows of an operation's security: the security schemes among its dependencies.

Read by attribute. A declaration of the part ``security`` names the credentials in mirror's words (``bearer``,
``header x-api-key``; see mirror.openapi.credentials), with the scopes that are asked for as its choices; where they are
got for a password (OAuth 2), its model is ``oauth2`` and its format the URL of the tokens. Its notes are the name of
the ``scheme``, its ``description``, the ``field`` as it is written, and what the ``scopes`` are for. One without a name
says that these are all that there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from msgspec.structs import replace

from mirror.adapters.notes import noted
from mirror.exchange import Declaration

DEEPEST = 8
"""Levels of dependencies within dependencies."""


def fastapi_security(dependants: Iterable[Any]) -> tuple[Declaration, ...]:
    """Of a path operation of FastAPI's, by what it depends on; nothing of any other route. Raises whatever somebody's
    own kind of security raises, which need not be like others."""
    every = list(dependants)
    found: dict[str, Declaration] = {}
    for each in every:
        for one in credentials(each, (), 0):
            before = found.get(one.pointer, one)
            found[one.pointer] = replace(before, choices=tuple(sorted({*before.choices, *one.choices})))
    return (Declaration("security"), *(found[kind] for kind in sorted(found) if kind)) if every else ()


def credentials(dependant: Any, scopes: tuple[str, ...], depth: int) -> Iterator[Declaration]:
    """The credentials that a view, or a dependency, and what it depends on ask for; ``scopes`` are those of whoever
    depends on it."""
    for required in getattr(dependant, "security_requirements", None) or ():  # FastAPI before 0.123
        yield credential(required.security_scheme, tuple(required.scopes or ()))
    scopes = (*scopes, *(getattr(dependant, "own_oauth_scopes", None) or ()))
    call = dependant.call
    while isinstance(call, partial):
        call = call.func
    if hasattr(call, "scheme_name") and hasattr(call, "model"):
        yield credential(call, scopes)
    for inner in getattr(dependant, "dependencies", ()) if depth < DEEPEST else ():
        yield from credentials(inner, scopes, depth + 1)


def credential(scheme: Any, scopes: tuple[str, ...]) -> Declaration:
    """What a security scheme asks for; its name is empty where mirror has no word for it."""
    model = scheme.model
    kind = word(model.type_)
    called, told = text(getattr(scheme, "scheme_name", None)), text(getattr(model, "description", None))
    if kind == "apiKey":
        place = word(getattr(model, "in_", ""))
        said = noted(scheme=called, description=told, field=model.name)
        return Declaration("security", f"{place} {model.name.lower() if place == 'header' else model.name}", notes=said)
    said = noted(scheme=called, description=told)
    if kind == "http":
        return Declaration("security", str(model.scheme).lower(), notes=said)
    if kind not in ("oauth2", "openIdConnect"):
        return Declaration("security")
    password = getattr(getattr(model, "flows", None), "password", None)
    url, meanings = getattr(password, "tokenUrl", ""), getattr(password, "scopes", None)
    known = tuple(each for each in scopes if isinstance(each, str))
    if isinstance(url, str) and url:
        said = noted(scheme=called, description=told, scopes=meanings if isinstance(meanings, dict) else None)
        return Declaration("security", "bearer", "oauth2", format=url, choices=known, notes=said)
    return Declaration("security", "bearer", notes=said)


def text(value: Any) -> str | None:
    return value.strip() if isinstance(value, str) else None


def word(value: Any) -> str:
    """The text of a text or of a member of an enumeration."""
    return str(getattr(value, "value", value))
