"""What is known of operations: everything that an OpenAPI document says of them stands on this.

All of it is made to be merged (see mirror.openapi.shape): numbers add up, sets unite, and of what may be many the
smallest are kept. Nothing in here judges.

Requests are kept apart by what became of them, because only what was accepted says what is right:

    accepted   2xx and 3xx, and what an upgrade began
    refused    400, 405 to 408, 411 to 417, 422: the request itself was wrong
    other      all the rest: the request may have been right (401, 403, 404, 409, 429, 5xx)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal, get_args

import msgspec

from mirror.openapi.merging import merge_into, merge_names, unite
from mirror.openapi.shape import Shape
from mirror.openapi.texts import Texts

Fate = Literal["accepted", "refused", "other"]
FATES: tuple[Fate, ...] = get_args(Fate)
REFUSALS = frozenset({400, 405, 406, 407, 408, 411, 412, 413, 414, 415, 416, 417, 422})

MOST_EXAMPLES = 3
LARGEST_EXAMPLE = 4096
"""Characters of a body that can be an example."""
MOST_TESTS = 1000
"""Tests that are kept of an answer, to say how many there are."""
LISTED_TESTS = 20
"""Of these the ones that are listed in a document."""
MOST_DOCS = 4
MOST_OMISSIONS = 40
MOST_CHOICES = 1000
"""Choices that refusals may name for one place; time zones are six hundred."""
MOST_GRAPHS = 1000
"""GraphQL operations that are kept apart, by their names."""


def fate_of(status: int) -> Fate:
    if status < 400:
        return "accepted"
    return "refused" if status in REFUSALS else "other"


class Example(msgspec.Struct, frozen=True):
    """A body as a test sent or got it, redacted. ``test`` is its node ID, empty where none is known. ``filled`` is at
    how many places, of any depth, it has a value (mirror.openapi.bodies): the fuller one shows more."""

    test: str
    text: str
    filled: int = 0

    @property
    def rank(self) -> tuple[int, str, str]:
        return -self.filled, self.test, self.text


def fullest(examples: Iterable[Example]) -> list[Example]:
    """Those that are kept: the first of each text, and of these the first."""
    kept: dict[str, Example] = {}
    for example in sorted(examples, key=lambda each: each.rank):
        kept.setdefault(example.text, example)
    return list(kept.values())[:MOST_EXAMPLES]


class Part(msgspec.Struct):
    """The files of one name in multipart bodies. ``count`` bodies had it, ``repeated`` of them several times; ``types``
    are the media types that were said."""

    count: int = 0
    repeated: int = 0
    types: set[str] = msgspec.field(default_factory=set)

    @property
    def present(self) -> int:
        return self.count

    def add(self, types: Sequence[str]) -> None:
        """Take in the files that one message had under the name, by the types that were said."""
        self.count += 1
        self.repeated += len(types) > 1
        unite(self.types, filter(None, types))

    def merge(self, other: Part) -> None:
        self.count += other.count
        self.repeated += other.repeated
        unite(self.types, other.types)


class Content(msgspec.Struct):
    """The bodies of one media type at one place.

    ``shape`` is that of the JSON value, of each item of a sequence (NDJSON, events) or of nothing; ``fields`` and
    ``files`` are those of forms; ``events`` the names of server-sent events. ``unreadable`` counts the bodies that are
    not what their type says.
    """

    count: int = 0
    unreadable: int = 0
    family: str = ""
    shape: Shape = msgspec.field(default_factory=Shape)
    fields: dict[str, Texts] = {}
    files: dict[str, Part] = {}
    events: set[str] = msgspec.field(default_factory=set)
    examples: list[Example] = []

    def merge(self, other: Content) -> None:
        self.count += other.count
        self.unreadable += other.unreadable
        self.family = max(self.family, other.family)
        self.shape.merge(other.shape)
        merge_names(self.fields, other.fields)
        merge_names(self.files, other.files)
        unite(self.events, other.events)
        self.examples = fullest([*self.examples, *other.examples])


class Parameters(msgspec.Struct):
    """What ``count`` requests had besides their bodies, by place and name: names of headers in small letters."""

    count: int = 0
    path: dict[str, Texts] = {}
    query: dict[str, Texts] = {}
    header: dict[str, Texts] = {}
    cookie: dict[str, Texts] = {}

    def merge(self, other: Parameters) -> None:
        self.count += other.count
        merge_into(self.path, other.path)
        merge_names(self.query, other.query)
        merge_names(self.header, other.header)
        merge_names(self.cookie, other.cookie)


class Requests(msgspec.Struct):
    """The requests of an operation that had the same fate. ``bodiless`` counts those without a body."""

    count: int = 0
    bodiless: int = 0
    parameters: Parameters = msgspec.field(default_factory=Parameters)
    contents: dict[str, Content] = {}

    def merge(self, other: Requests) -> None:
        self.count += other.count
        self.bodiless += other.bodiless
        self.parameters.merge(other.parameters)
        merge_into(self.contents, other.contents)


class Answer(msgspec.Struct):
    """The responses of an operation with one status. ``headers`` by their names in small letters; ``tests``
    are those that got one, the first by their names."""

    count: int = 0
    headers: dict[str, Texts] = {}
    contents: dict[str, Content] = {}
    tests: list[str] = []

    def merge(self, other: Answer) -> None:
        self.count += other.count
        merge_names(self.headers, other.headers)
        merge_into(self.contents, other.contents)
        self.tests = sorted({*self.tests, *other.tests})[:MOST_TESTS]


class Refusal(msgspec.Struct):
    """What validation errors said of one place of the request (see mirror.openapi.refusals): how often, how often that
    it was missing, and what was expected there. ``doubtful`` counts those that list choices which may not be all, or
    none: such as nobody can read with certainty. ``are_values``: more choices were named than anybody declares, so
    there are none, for good. ``order`` is that in which they always came, empty where there were several."""

    count: int = 0
    missing: int = 0
    types: set[str] = msgspec.field(default_factory=set)
    choices: set[str] = msgspec.field(default_factory=set)
    doubtful: int = 0
    are_values: bool = False
    order: tuple[str, ...] | None = None
    sent: set[str] = msgspec.field(default_factory=set)

    def choose(self, choices: Sequence[str]) -> None:
        """Take in choices that were named, in this order."""
        self._choose(choices, tuple(choices) or None)

    def _choose(self, choices: Iterable[str], order: tuple[str, ...] | None) -> None:
        named = self.choices.union(choices)
        self.are_values = self.are_values or len(named) > MOST_CHOICES
        self.choices = set() if self.are_values else named
        if order is not None:
            self.order = order if self.order in (None, order) else ()
        if self.are_values:
            self.order = ()

    def merge(self, other: Refusal) -> None:
        self.count += other.count
        self.missing += other.missing
        self.types |= other.types
        self.sent |= other.sent
        self.doubtful += other.doubtful
        self.are_values = self.are_values or other.are_values
        self._choose(other.choices, other.order)

    def in_order(self, words: Collection[str]) -> list[str]:
        """Words as the choices were named, where they are those and always came in one order; else sorted."""
        return list(self.order) if self.order and {*self.order} == {*words} else sorted(words)

    @property
    def is_open(self) -> bool:
        """Whether there are choices, and nobody knows whether those which were seen are all."""
        return self.are_values or self.doubtful > 0 or (self.count > 0 and bool(self.choices))

    def named(self, words: Collection[str] | None) -> set[str] | None:
        """The choices, where these words, which were seen, are among them (None: more than are known)."""
        if not self.choices or words is None or not self.choices.issuperset(words) or (self.doubtful and not words):
            return None
        return self.choices


class Omission(msgspec.Struct, frozen=True, order=True):
    """A refusal that listed all that was missing at a place (``query``, ``header``, ``body`` or a pointer below it, as
    ``body/items/*``): what was there, and what was said to be missing. What else it can have may be left out.
    ``unfit`` are those there that were none of the choices for them: if one tells what the object is, nothing else was
    looked for."""

    place: str
    present: tuple[str, ...]
    missing: tuple[str, ...]
    unfit: tuple[str, ...] = ()


class Credentials(msgspec.Struct):
    """How often requests with one kind of credentials were let in, and how often they were denied (401, 403)."""

    accepted: int = 0
    denied: int = 0
    other: int = 0

    def merge(self, other: Credentials) -> None:
        self.accepted += other.accepted
        self.denied += other.denied
        self.other += other.other


class GraphQL(msgspec.Struct):
    """One GraphQL operation, by its name: its kind, documents, variables and what came of it."""

    kinds: set[str] = msgspec.field(default_factory=set)
    documents: list[str] = []
    variables: Shape = msgspec.field(default_factory=Shape)
    data: Shape = msgspec.field(default_factory=Shape)

    def merge(self, other: GraphQL) -> None:
        self.kinds |= other.kinds
        self.documents = sorted({*self.documents, *other.documents})[:MOST_EXAMPLES]
        self.variables.merge(other.variables)
        self.data.merge(other.data)


class Operation(msgspec.Struct):
    """All that is known of one method of one path template.

    ``converters`` are the framework's words for the types of path parameters (``int``, ``uuid``). ``credentials`` are
    by scheme: ``bearer``, ``basic``, ``header x-api-key``, ``query api_key``, ``cookie session``, or empty for none.
    ``challenges`` are the schemes of WWW-Authenticate fields. ``refusals`` are by place: ``query limit``,
    ``body items/0/name`` with ``*`` for positions. ``denied`` is what requests had in the query and the header that
    were answered with 401 or 403.
    """

    count: int = 0
    endpoints: set[str] = msgspec.field(default_factory=set)
    docs: list[str] = []
    converters: dict[str, set[str]] = {}
    requests: dict[Fate, Requests] = {}
    answers: dict[int, Answer] = {}
    refusals: dict[str, Refusal] = {}
    omissions: list[Omission] = []
    credentials: dict[str, Credentials] = {}
    denied: Parameters = msgspec.field(default_factory=Parameters)
    challenges: set[str] = msgspec.field(default_factory=set)
    graphql: dict[str, GraphQL] = {}

    def merge(self, other: Operation) -> None:
        self.count += other.count
        self.endpoints |= other.endpoints
        self.docs = sorted({*self.docs, *other.docs})[:MOST_DOCS]
        for name, words in other.converters.items():
            self.converters.setdefault(name, set()).update(words)
        merge_into(self.requests, other.requests)
        merge_into(self.answers, other.answers)
        merge_names(self.refusals, other.refusals)
        self.omissions = sorted({*self.omissions, *other.omissions})[:MOST_OMISSIONS]
        merge_names(self.credentials, other.credentials)
        self.denied.merge(other.denied)
        self.challenges |= other.challenges
        merge_names(self.graphql, other.graphql, MOST_GRAPHS)


def request_contents(operation: Operation) -> dict[str, Content]:
    """The bodies that requests should have: those that were accepted; where none was, what may have been right."""
    for fate in FATES:
        requests = operation.requests.get(fate)
        if requests is not None and requests.contents and fate != "refused":
            return requests.contents
    refused = operation.requests.get("refused")
    if refused is None or "accepted" in operation.requests:
        return {}
    # Of a body that was always refused only its type is known.
    return {media: Content(count=each.count, family=each.family) for media, each in refused.contents.items()}


def is_accepted(operation: Operation) -> bool:
    """Whether the bodies that requests should have are such that were accepted."""
    accepted = operation.requests.get("accepted")
    return accepted is not None and bool(accepted.contents)


def below(refusals: Mapping[str, Refusal], place: str) -> dict[str, Refusal]:
    """What was said of the members of a place, by pointers below it."""
    return {key.partition(" ")[2]: each for key, each in refusals.items() if key.startswith(f"{place} ")}
