"""Security: which operations ask for which credentials (OpenAPI 3.1, Security Scheme and Security Requirement Object).

A client that has logged in sends its credentials everywhere: that a request had them does not say that it needed them.
What says so is a 401 or 403 without them. Where an operation was never called without, their kind decides: what a test
puts into a header it puts there because it has to; a cookie comes along by itself, and there the other operations of
the service decide.

Where the framework knows what an operation asks for, that is asked first; but a denial that it does not explain is
evidence all the same (a middleware), and so is that a request without was accepted.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from mirror.exchange import Declaration
from mirror.openapi.credentials import SCHEMES, scheme_name
from mirror.openapi.evidence import Credentials, Fate, Operation
from mirror.openapi.schema import Schema
from mirror.openapi.shape import Shape

NOTHING = Credentials()
UNMISTAKABLE = re.compile(r"bearer|basic|digest|header authorization|(?:header|query) (?:x[-_])?api[-_]?(?:key|token)")
"""Credentials that nobody sends for anything else."""
LOOKED_AT = frozenset({404, 409, 410, 412, 423})
"""What is answered to whoever has been let in."""
WEAK = frozenset({"header x-token", "header token"})
"""Names that parameters have as well: that every request has them is not enough."""
PUBLIC = re.compile(
    r"/(?:health|healthz|healthcheck|ping|livez?|readyz?|ready|version|login|signin|register|signup)/?$"
)
"""What is for everybody, if nobody was denied it."""

NAME = re.compile(r"[A-Za-z0-9._-]+")
"""What OpenAPI lets components be called."""

Said = Mapping[str, Mapping[str, Declaration]]
"""The credentials that operations are said to ask for; of those that are not named nobody knows."""
NOBODY: Said = {}
UNCALLED = Operation()
NO_SCOPES: Mapping[str, list[str]] = {}


def schemes(operations: Mapping[str, Operation], said: Said) -> dict[str, Schema]:
    """The security schemes of a service (``components.securitySchemes``): those of credentials that matter."""
    declared: dict[str, list[Declaration]] = {}
    for kinds in said.values():
        for kind, asking in kinds.items():
            declared.setdefault(kind, []).append(asking)
    seen: dict[str, set[str]] = {kind: set() for kind in declared}
    for operation in operations.values():
        for each in (*operation.credentials, *challenged(operation)):
            seen.setdefault(kind_of(each), set()).add(each)
    return {
        scheme_name(kind): with_words(
            told(declared.get(kind, ())) or described(kind, words, operations), declared.get(kind, ())
        )
        for kind, words in sorted(seen.items())
        if kind and (kind in declared or matters(kind, operations))
    }


def names_of(said: Said, schemes: Collection[str]) -> dict[str, str]:
    """What the developers call schemes, by mirror's names for them: where they have one name, and it is no other's."""
    given: dict[str, set[str]] = {}
    for kinds in said.values():
        for kind, asking in kinds.items():
            given.setdefault(scheme_name(kind), set()).update(in_words([asking], "scheme"))
    wanted = {name: names.pop() for name, names in given.items() if len(names) == 1 and name in schemes}
    wanted = {name: own for name, own in wanted.items() if NAME.fullmatch(own)}
    taken = Counter([*wanted.values(), *(name for name in schemes if name not in wanted)])
    return {name: own for name, own in wanted.items() if taken[own] == 1}


def in_words(declared: Iterable[Declaration], word: str) -> set[Any]:
    """What declarations say of something: texts."""
    return {json.loads(text) for each in declared for name, text in each.notes if name == word}


def with_words(scheme: Schema, declared: Collection[Declaration]) -> Schema:
    """A scheme with its developers' description, and the name of its field as they write it."""
    fields, told = in_words(declared, "field"), in_words(declared, "description")
    if len(fields) == 1 and scheme["type"] == "apiKey":
        scheme = {**scheme, "name": fields.pop()}
    return {**scheme, "description": told.pop()} if len(told) == 1 else scheme


def told(declared: Collection[Declaration]) -> Schema | None:
    """The scheme of tokens for a password, where all that is declared of these credentials are such."""
    urls = {each.format for each in declared if each.model == "oauth2"}
    if len(urls) != 1 or any(each.model != "oauth2" for each in declared):
        return None
    scopes = {scope: "" for each in declared for scope in each.choices}
    for each in declared:
        for meanings in (json.loads(text) for name, text in each.notes if name == "scopes"):
            scopes |= {str(scope): str(meaning) for scope, meaning in meanings.items()}
    return {"type": "oauth2", "flows": {"password": {"tokenUrl": urls.pop(), "scopes": dict(sorted(scopes.items()))}}}


def described(kind: str, words: Collection[str], operations: Mapping[str, Operation]) -> Schema:
    place, _, name = kind.partition(" ")
    if name:
        return {"type": "apiKey", "in": place, "name": "Authorization" if name == "authorization" else name}
    if kind == "bearer":
        url = next((url for key, operation in sorted(operations.items()) if (url := token_url(key, operation))), None)
        if url is not None:
            return {"type": "oauth2", "flows": {"password": {"tokenUrl": url, "scopes": {}}}}
        if words == {"bearer jwt"} or (words == {"bearer", "bearer jwt"} and not taken_as("bearer", operations)):
            return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    return {"type": "http", "scheme": kind}


def token_url(key: str, operation: Operation) -> str | None:
    """Where a password is exchanged for a token, relative to the server (RFC 6749 section 4.3); else None."""
    method, _, path = key.partition(" ")
    taken = operation.requests.get("accepted")
    form = taken.contents.get("application/x-www-form-urlencoded") if taken is not None else None
    if method != "POST" or form is None or "{" in path or not {"username", "password"} <= form.fields.keys():
        return None
    for status, answer in operation.answers.items():
        if status < 300 and any("access_token" in member_names(each.shape) for each in answer.contents.values()):
            return path.removeprefix("/")
    return None


def matters(kind: str, operations: Mapping[str, Operation]) -> bool:
    """Whether there is evidence that somebody looks at such credentials."""
    every = operations.values()
    if any(kind in challenged(operation) for operation in every):
        return True
    if any(kind in operation.refusals for operation in every):
        return False  # validated like any other parameter
    comes_along = kind.startswith("cookie ")
    for operation in every:
        if is_login(operation):
            continue
        if denied(operation) > credentials(operation, kind).denied and alone(operation, kind):
            return True
        if credentials(operation, kind).denied and not comes_along:
            return True
        if UNMISTAKABLE.fullmatch(kind) and alone(operation, kind) and not bare(operation, [kind]).accepted:
            return True
    whole = sum(total(operation, "accepted") for operation in every)
    return (
        not comes_along
        and kind not in WEAK
        and 0 < whole == sum(credentials(operation, kind).accepted for operation in every)
    )


# Requirements ---------------------------------------------------------------------------------------------------------


class Security:
    """The security of a service: ``schemes`` for its components, and ``of`` each operation what it asks for; ``places``
    are mirror's own names for the schemes. ``said`` is what the framework says that operations ask for, also of those
    that were not called."""

    def __init__(self, operations: Mapping[str, Operation], said: Said = NOBODY) -> None:
        self._schemes = schemes(operations, said)
        self._names = names_of(said, self._schemes)
        self.schemes = {self._names.get(name, name): scheme for name, scheme in self._schemes.items()}
        self.places = frozenset(self._schemes)
        self._said = said
        self._operations = operations
        self._asking = dict.fromkeys((True, False), 0)
        for key, operation in operations.items():
            if not is_login(operation):
                self._asking[is_safe(key)] += verdict(operation, kinds_in(operation, self._schemes))

    def of(self, key: str) -> list[Schema] | None:
        """The requirements of an operation (``GET /orders``), as ``security`` has them."""
        needed = self._of(key)
        if needed is None:
            return None
        return [{self._names.get(name, name): scopes for name, scopes in each.items()} for each in needed]

    def _of(self, key: str) -> list[Schema] | None:
        operation = self._operations.get(key, UNCALLED)
        said = self._said.get(key)
        if said:
            scoped = {name for name, scheme in self._schemes.items() if scheme["type"] == "oauth2"}
            scopes = {kind: list(each.choices) for kind, each in said.items() if scheme_name(kind) in scoped}
            return [*asked(operation, sorted(said), scopes), *([{}] if bare(operation, said).accepted else [])]
        if said is not None and not denied(operation):
            return None
        kinds = kinds_in(operation, self._schemes)
        if not denied(operation) and PUBLIC.search(key):
            return None
        if not verdict(operation, kinds) and all(kind.startswith("cookie ") for kind in kinds):
            others = self._asking[is_safe(key)] or sum(self._asking.values())
            if others <= 0:
                return None
        return security(operation, self._schemes)


def is_safe(key: str) -> bool:
    return key.startswith(("GET ", "HEAD ", "QUERY "))


def kinds_in(operation: Operation, schemes: Collection[str]) -> list[str]:
    """The credentials that requests of an operation had and that matter, sorted."""
    kinds = {kind_of(each) for each in operation.credentials} - {""}
    return [kind for kind in sorted(kinds) if scheme_name(kind) in schemes]


def verdict(operation: Operation, kinds: Collection[str]) -> int:
    """1 where an operation asks for credentials, -1 where it does not, 0 where nobody has tried."""
    without = bare(operation, kinds)
    if without.accepted or (without.other and not without.denied):
        return -1 if not denied(operation) else 0
    return 1 if denied(operation) else 0


def security(operation: Operation, schemes: Collection[str]) -> list[Schema] | None:
    """What an operation asks for: one of the list's, where an empty one says that it also does without. None where it
    asks for nothing."""
    kinds = kinds_in(operation, schemes)
    without = bare(operation, kinds)
    taken = [kind for kind in kinds if alone(operation, kind)]
    called = [kind for kind in sorted(challenged(operation)) if kind in schemes]
    if without.accepted or (without.other and not without.denied):
        # Accepted without them as well: they matter where that was not always so, or where wrong ones were denied.
        if is_login(operation):
            return None
        if taken and denied(operation):
            return [*asked(operation, taken), {}]
        return [*asked(operation, called), {}] if called and without.denied else None
    if taken:
        return asked(operation, taken)
    if is_login(operation):
        return None
    if without.denied or kinds:
        return asked(operation, called or kinds) or [{name: []} for name in sorted(schemes)] or None
    return None


def asked(operation: Operation, kinds: Collection[str], scopes: Mapping[str, list[str]] = NO_SCOPES) -> list[Schema]:
    """The requirements for these credentials: all at once where every accepted request had all of them."""
    needed = {kind: scopes.get(kind, []) for kind in kinds}
    whole = total(operation, "accepted") - bare(operation, kinds).accepted
    if len(kinds) > 1 and whole and all(credentials(operation, kind).accepted == whole for kind in kinds):
        return [{scheme_name(kind): needed[kind] for kind in kinds}]
    return [{scheme_name(kind): needed[kind]} for kind in kinds]


# Evidence -------------------------------------------------------------------------------------------------------------


def kind_of(credential: str) -> str:
    """What a scheme stands for: bearer tokens are of one kind whatever is in them."""
    return credential.removesuffix(" jwt") if credential == "bearer jwt" else credential


def credentials(operation: Operation, kind: str) -> Credentials:
    """How often requests with credentials of a kind were let in and denied."""
    found = Credentials()
    for each, kept in operation.credentials.items():
        if kind_of(each) == kind:
            found.merge(kept)
    return found


def taken_as(credential: str, operations: Mapping[str, Operation]) -> int:
    return sum(operation.credentials.get(credential, NOTHING).accepted for operation in operations.values())


def bare(operation: Operation, kinds: Collection[str]) -> Credentials:
    """How often requests without credentials of these kinds were let in and denied, at least: a request may have
    several, and those of other kinds are none. Of the others only those count that got further than to a check of what
    they say, which may come before that of who says it."""
    found = operation.credentials.get("", NOTHING)
    had = [credentials(operation, kind) for kind in kinds]
    return Credentials(
        max(found.accepted, total(operation, "accepted") - sum(each.accepted for each in had)),
        max(found.denied, denied(operation) - sum(each.denied for each in had)),
        found.other if operation.answers.keys() & LOOKED_AT else 0,
    )


def challenged(operation: Operation) -> set[str]:
    """The schemes that challenges ask for."""
    return operation.challenges & SCHEMES


def denied(operation: Operation) -> int:
    return sum(answer.count for status, answer in operation.answers.items() if status in (401, 403))


def total(operation: Operation, fate: Fate) -> int:
    requests = operation.requests.get(fate)
    return requests.count if requests is not None else 0


def alone(operation: Operation, kind: str) -> bool:
    """Whether requests were accepted because of them, as far as that can be told: cookies, which come along by
    themselves, count where a request was accepted that had nothing else."""
    mine = credentials(operation, kind).accepted
    if not kind.startswith("cookie ") or not mine:
        return mine > 0
    others = sum(kept.accepted for each, kept in operation.credentials.items() if not each.startswith("cookie "))
    return total(operation, "accepted") > others


def is_login(operation: Operation) -> bool:
    """Whether it takes a password, so that a 401 speaks of that."""
    for requests in operation.requests.values():
        for content in requests.contents.values():
            if PASSWORDS & (content.fields.keys() | member_names(content.shape)):
                return True
    return False


PASSWORDS = frozenset({"password", "passwd", "pass", "pwd", "refresh_token", "refreshToken", "otp", "pin"})


def member_names(shape: Shape) -> set[str]:
    """The names of the members of objects."""
    return {name for group in shape.objects.groups() for name in group.members} if shape.objects is not None else set()
