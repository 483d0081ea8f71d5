"""Descriptions of services: OpenAPI documents in JSON, and the pages of ``mirror report``.

Names of paths, credentials, examples and tests stand above what is said there: ``/auth/token`` or ``a_wrong_password``
is no name of a value.
"""

from __future__ import annotations

import re

DOCUMENT = re.compile(r"\s*+\{\s*+\"(?:openapi|swagger)\"\s*+:")
PAGE = '<script type="application/json" id="index">'
OPERATION = re.compile(r"paths\./.*?\.(?:get|put|post|delete|options|head|patch|trace|x-[a-z]+)(?=\.|$)")
INDEX = r"html\.body\.script\."  # of a page, whose other data are exchanges
CREDENTIALS = re.compile(
    rf"(?:components\.securitySchemes|\.?security|{INDEX}(?:operations\.doc\.)?security)\.[^.]*(?:\.flows\..*)?(?=\.|$)"
)
WITHIN = re.compile(
    r"(?:.*?\.)?(?:x-mirror\.(?:tests|samples|mark)\b|examples\.[^.]*\.value(?=\.|$)|examples\.text(?=\.|$))"
)
EXCHANGES = re.compile(rf"{INDEX}(?:fields|bodies|exchanges)(?:\.|$)")


def is_description(text: str) -> bool:
    """Whether a text, of a file or of a line, is such a document or page."""
    return DOCUMENT.match(text) is not None or PAGE in text


def names_of_values(place: str) -> list[str] | None:
    """The names above a value that are names of values; None for all of them.

    paths./auth/token.post.requestBody.content.application/json.examples.wrong_password.value.user     ["user"]
    """
    if EXCHANGES.match(place):
        return None
    rest = place
    for structure in (OPERATION, CREDENTIALS, WITHIN):
        found = structure.match(rest)
        rest = rest[found.end() :] if found is not None else rest
    return None if rest == place else [name for name in rest.split(".") if name]
