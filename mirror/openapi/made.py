"""What a service has made, and how that is called: ``{"code": "zG8LHLA"}`` in the answer to a POST says that
``zG8LHLA`` in a path is a value, though ``GET /zG8LHLA`` sends elsewhere and repeats nothing.

Words are kept as hashes: a model need not hold what may be a secret. Of more than MOST_MADE only those are kept whose
hashes end in so many zeros. Which these are depends on what was made alone, however it came and was divided (law 8).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

import msgspec

from mirror.openapi.merging import unite
from mirror.openapi.naming import snake
from mirror.openapi.segments import CODE, is_plural

MOST_MADE = 10_000
"""Distinct words that are kept."""
WORD = re.compile(r"(?=[\d.~+-]*[^\W\d])[\w.~+-]{1,64}")
"""What may be one segment of a path, and is no number or date."""
EVIDENT = re.compile(rf"{CODE.pattern}|[\da-fA-F-]{{32,36}}")
"""Codes (``SKU-17``) and UUIDs: values anyway."""

KINDS = frozenset("type kind object status state role resource entity category event action rel method group".split())
"""Members that say what something is, not which one it is."""

IDENTITY = re.compile(
    r"(?:\w+_)?(?:id|uid|uuid|guid|pk|code|slug|token|key|hash|handle|alias|ref|reference|number|sku|symbol|short|"
    r"identifier|username|login)"
)
"""Members that say which one it is (in snake case)."""
CALLED = re.compile(r"(?:\w+_)?(?:(?:file)?name|title|label|tag)")
"""Members that say what it is called, which may be what something else is called as well."""
WORDS = re.compile(r"[A-Za-z]?[a-z]+\d*(?:[A-Z][a-z]+\d*)*")
"""Words as programs write them: ``orderItems``, ``oauth2``."""
INNER = re.compile(r"\d|(?<=.)[A-Z]")

SHORTEST = 4
"""Characters of what is no word; ``s3`` and ``k8s`` are words."""
IDENTIFYING = 3
BEYOND_DOUBT = 5
"""Points that are enough wherever a path may be a list of things."""


class Made(msgspec.Struct):
    """``names`` has, by the hash of a word, the names of the members that it was the value of. Hashes are kept that end
    in ``thinned`` zeros (bits). ``tokens`` are the names of those members of which some value looks made at random."""

    names: dict[str, set[str]] = {}
    tokens: set[str] = msgspec.field(default_factory=set)
    thinned: int = 0

    def add(self, values: Mapping[str | int, Collection[str]]) -> None:
        """Take in the values in one answer, with the names of the members that they are values of."""
        for text, names in values.items():
            if type(text) is not str or not WORD.fullmatch(text) or EVIDENT.fullmatch(text):
                continue
            points = points_of(text, names, True)
            if points:
                if points == BEYOND_DOUBT:
                    unite(self.tokens, filter(is_of_one_kind, names))
                mark = mark_of(text)
                if self._is_kept(mark):
                    unite(self.names.setdefault(mark, set()), names)
        self._thin()

    def merge(self, other: Made) -> None:
        self.thinned = max(self.thinned, other.thinned)
        for mark, names in other.names.items():
            unite(self.names.setdefault(mark, set()), names)
        unite(self.tokens, other.tokens)
        self._keep()
        self._thin()

    def points(self, text: str, is_made_here: bool) -> int:
        """How much it says that a word is a value that something was made which is called so. ``is_made_here``: in the
        very collection. Of members whose values are made at random each value counts alike, but for several of a
        thing."""
        names = self.names_of(text)
        if not self.tokens.isdisjoint(names) and not is_plural(text):
            return BEYOND_DOUBT
        return points_of(text, names, is_made_here)

    def names_of(self, text: str) -> Collection[str]:
        """The names of the members that a word was the value of; none where nothing was made that is called so."""
        return self.names.get(mark_of(text), ())

    def _thin(self) -> None:
        while len(self.names) > MOST_MADE:
            self.thinned += 1
            self._keep()

    def _keep(self) -> None:
        self.names = {mark: names for mark, names in self.names.items() if self._is_kept(mark)}

    def _is_kept(self, mark: str) -> bool:
        return not self.thinned or int(mark, 16) % (1 << self.thinned) == 0


def mark_of(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def points_of(text: str, names: Collection[str], is_made_here: bool) -> int:
    """The same of a word that was the value of members with these names: beyond doubt where it looks made at random."""
    telling = max(map(telling_of, names), default=0)
    if telling and ((telling == IDENTIFYING and len(text) >= SHORTEST and INNER.search(text)) or is_random(text)):
        return BEYOND_DOUBT
    if telling > 1:
        return 2 if is_made_here else telling - 2
    return 0


@lru_cache(maxsize=1024)
def telling_of(name: str) -> int:
    """How much the name of a member says: IDENTIFYING which one it is, 2 what it is called, 0 of what kind it is."""
    name = snake(name)
    if name in KINDS:
        return 0
    return IDENTIFYING if IDENTITY.fullmatch(name) else 2 if CALLED.fullmatch(name) else 1


def is_of_one_kind(name: str) -> bool:
    """Whether all members of that name say alike which thing one is; ``id`` is a member of everything."""
    return telling_of(name) == IDENTIFYING and name != "id"


def is_random(text: str) -> bool:
    """Whether letters of both kinds and digits follow each other as in no word: ``zG8LHLA``, not ``orderItems``."""
    if WORDS.fullmatch(text) or len(text) <= SHORTEST or "." in text:
        return False
    kinds = ["digit" if each.isdigit() else "upper" if each.isupper() else "lower" for each in text if each.isalnum()]
    changes = sum(one != other for one, other in pairwise(kinds))
    starts = len(re.findall(r"(?<![A-Za-z])[A-Z](?=[a-z])", text))  # Words-With-Capitals
    return changes - starts >= 2
