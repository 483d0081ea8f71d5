"""Credentials that no name tells: ``X-Till``, without which 401 or 403 was answered, and with another value as well.

One operation tells that asks for no other credentials: all of its accepted requests had one of few values, and it has
denied some that did without and some that had another value, which nobody has ever accepted. A tenant or a role is
answered alike, and is known by its name; what a refusal has named is validated, and no key.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from msgspec.structs import replace

from mirror.openapi.credentials import NO_KEY
from mirror.openapi.evidence import Credentials, Operation, Parameters
from mirror.openapi.texts import Texts

NOTHING = Credentials()
PLACES = ("header", "query")
MOST_KEYS = 3
"""Values that were accepted: those of a key are given to somebody, and not made for each request."""
WHERE_OR_WHO = re.compile(
    r".*(?:tenan|role|user|account|organi|org\b|team|group|scope|permission|member|customer|company|shop|store|project|"
    r"workspace|realm|domain|region|country|locale|lang|version|platform|device|client|app\b|agent|mode|env|feature|"
    r"forwarded|real-ip|origin|confirm|host|id\b).*"
)
"""Who or where one says to be, and what one wants: others have another, and are right."""
KEY_QUERY = re.compile(r"(?:\w+[._-])?(?:key|token|secret|auth|password|signature|sig)", re.IGNORECASE)


def with_keys(operations: Mapping[str, Operation]) -> dict[str, Operation]:
    """The operations by method and path template, keys among their credentials. Nothing is changed in its place."""
    found: dict[str, set[str]] = {}
    for operation in operations.values():
        for kind, denied in keys_in(operation):
            found.setdefault(kind, set()).update(denied)
    kinds = [kind for kind, denied in sorted(found.items()) if not is_accepted(kind, denied, operations)]
    if not kinds:
        return dict(operations)
    return {key: with_credentials(operation, kinds) for key, operation in operations.items()}


def keys_in(operation: Operation) -> Iterator[tuple[str, set[str]]]:
    """What an operation asks for as if it was a key (``header x-till``), and its values that were denied."""
    accepted, denied = operation.requests.get("accepted"), operation.denied
    if accepted is None or operation.credentials.keys() - {""}:
        return
    for place in PLACES:
        for name, right in getattr(accepted.parameters, place).items():
            wrong = texts_in(denied, f"{place} {name}")
            if not may_be_key(place, name) or f"{place} {name}" in operation.refusals:
                continue
            if right.present < accepted.count or not 0 < wrong.present < denied.count:
                continue
            if right.values is None or wrong.values is None or right.values & wrong.values:
                continue
            if len(right.values) <= MOST_KEYS:
                yield f"{place} {name}", wrong.values


def may_be_key(place: str, name: str) -> bool:
    if place == "query":
        return KEY_QUERY.fullmatch(name) is not None
    return not WHERE_OR_WHO.fullmatch(name) and not NO_KEY.fullmatch(name)


def is_accepted(kind: str, denied: Collection[str], operations: Mapping[str, Operation]) -> bool:
    """Whether what one operation has denied may have been accepted by some other one, which makes it a permission."""
    accepted = [operation.requests["accepted"] for operation in operations.values() if "accepted" in operation.requests]
    everywhere = [texts_in(requests.parameters, kind).values for requests in accepted]
    return any(values is None or not values.isdisjoint(denied) for values in everywhere)


def with_credentials(operation: Operation, kinds: Collection[str]) -> Operation:
    """An operation with how often these were let in and denied, and those without them at least."""
    credentials = dict(operation.credentials)
    for kind in kinds:
        had = {fate: texts_in(requests.parameters, kind).present for fate, requests in operation.requests.items()}
        whole, accepted, denied = sum(had.values()), had.get("accepted", 0), texts_in(operation.denied, kind).present
        if whole and kind not in credentials:
            credentials[kind] = Credentials(accepted, denied, whole - accepted - denied)
            bare = less(credentials.pop("", NOTHING), credentials[kind])
            credentials |= {"": bare} if bare != NOTHING else {}
    return replace(operation, credentials=credentials)


def less(whole: Credentials, part: Credentials) -> Credentials:
    return Credentials(
        max(0, whole.accepted - part.accepted), max(0, whole.denied - part.denied), max(0, whole.other - part.other)
    )


def texts_in(parameters: Parameters, kind: str) -> Texts:
    """The values of a parameter (``header x-till``)."""
    place, _, name = kind.partition(" ")
    known: dict[str, Texts] = getattr(parameters, place)
    return known.get(name, Texts())
