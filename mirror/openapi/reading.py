"""Texts read as OpenAPI documents: YAML or JSON, 3.0 or 3.1."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from mirror.errors import DocumentError
from mirror.openapi.json_nodes import Json
from mirror.openapi.placed import Node, Values
from mirror.openapi.yaml_nodes import yaml_node

VERSION = re.compile(r"3\.[01](?:\.\d+)?(?:-.*)?")


def read(text: str, name: str) -> dict[str, Any]:
    """A document. Raises DocumentError with the line and the remedy where the text is none; ``name`` is the file's."""
    return document(Values().of(placed(text, name)), name)


def placed(text: str, name: str) -> Node:
    """The nodes of a document. Raises DocumentError with the line."""
    try:
        if text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
            try:
                return Json(text, name).document()
            except DocumentError as error:
                if name.lower().endswith(".json"):
                    raise
                try:  # YAML has brackets too
                    return yaml_node(text, name)
                except DocumentError:
                    raise error from None
        return yaml_node(text, name)
    except RecursionError:
        raise DocumentError(f"{name} is nested too deeply: this is no OpenAPI document") from None


def document(value: Any, name: str) -> dict[str, Any]:
    """The value, where it is an OpenAPI document. Raises DocumentError."""
    if not isinstance(value, dict):
        raise DocumentError(f"{name} holds no mapping: this is no OpenAPI document")
    version = value.get("openapi")
    if version is None and "swagger" in value:
        raise DocumentError(f"{name} is Swagger {value['swagger']}: convert it to OpenAPI 3 first")
    if version is None:
        raise DocumentError(f'{name} has no "openapi": this is no OpenAPI document')
    if VERSION.fullmatch(str(version)) is None:
        raise DocumentError(f"{name} is OpenAPI {version}: 3.0 and 3.1 are known here")
    for key in ("paths", "components", "info"):
        if not isinstance(value.get(key) or {}, dict):
            raise DocumentError(f"{name}: {key!r} is no mapping: make it one, or take it out")
    for key in ("schemas", "securitySchemes"):
        if not isinstance((value.get("components") or {}).get(key) or {}, dict):
            raise DocumentError(f"{name}: 'components.{key}' is no mapping: make it one, or take it out")
    servers = value.get("servers")
    for number, server in enumerate(servers if isinstance(servers, list) else ()):
        url = server.get("url") if isinstance(server, dict) else None
        if not is_url(str(url)):
            raise DocumentError(f"{name}: 'servers.{number}.url' is no URL: {url}; mend it, or take it out")
    return value


def is_url(text: str) -> bool:
    """Whether a server's URL, which may be relative, can be read: a host in brackets is an address of IPv6."""
    try:
        urlsplit(text)
    except ValueError:
        return False
    return bool(text) and not any(map(str.isspace, text))
