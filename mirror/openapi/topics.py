"""What objects are about: whether two that have the same members are one thing, or look alike by chance.

``{"id", "name"}`` of ``/tags`` and of ``/teams`` are two things, which part ways when one of them gets a member more.
So objects of one form are only one component where they are about the same: bodies of one collection, or of collections
of one name; members of one name, or of that of a collection; an object and those like it within it; objects of one
model. What answers errors is about errors. Only a form that chance does not make is one thing wherever it stands.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from mirror.openapi.groups import ABOUT_PAGES, WRAPPED
from mirror.openapi.kin import collection, wholes
from mirror.openapi.naming import MYSELF, USER, literals, singular, snake, without_accents

OF_BODIES, PARTICULAR = 5, 2
"""Members that a body has to have before its form is no chance, and those of them whose names are not common; what
stands under a member's name is told by these alone (``{"amount", "currency"}``)."""
COMMON = (
    frozenset(
        """id _id uuid guid pk name title label slug code key number description summary text body message note notes
        comment url link href type kind category status state active enabled value values ok success result error errors
        detail details reason tags created updated deleted modified timestamp date time position order version
        user_id owner_id author_id parent_id""".split()
    )
    | ABOUT_PAGES
    | WRAPPED
)
"""Names that members of anything may have; so are those of what happened when, and by whom (``created_at``)."""
HAPPENED = ("_at", "_by", "_on")


class Topic(NamedTuple):
    """``own`` are the words by which others find what is about this, ``sought`` those by which it finds others."""

    own: frozenset[str]
    sought: frozenset[str]

    def joined(self, other: Topic) -> Topic:
        return Topic(self.own | other.own, self.sought | other.sought)

    def with_word(self, word: str) -> Topic:
        return Topic(self.own | {word}, self.sought | {word})


NOTHING_SAID = Topic(frozenset(), frozenset())
ERRORS = Topic(frozenset({"member error"}), frozenset({"member error"}))


def of_path(template: str, told: Mapping[str, str]) -> Topic:
    """What the bodies of a path are about. ``told`` is what is known of collections (see naming.singulars)."""
    whole = collection(template)
    views = [part for part in wholes(whole) if all(singular(step) == step for step in whole[-1][len(part[-1]) :])]
    here, above = "/".join(map(str, whole)), {"/".join(map(str, part)) for part in views}
    named = [step for step in whole[-1] if singular(step) != step or step in MYSELF] or list(whole[-1])
    called = one_of(named[-1], told) if named else ""
    last = one_of(next(reversed(literals(template)), ""), told)
    own = {f"is {here}", f"path {called}", f"last {called}", f"last {last}", *(f"view {each}" for each in above)}
    sought = {f"view {here}", f"path {called}", f"member {called}", f"member {last}", *(f"is {each}" for each in above)}
    return Topic(frozenset(own), frozenset(sought))


def of_member(name: str) -> Topic:
    """What the objects under a name are about: ``billing_address`` is an address."""
    word = one_of(name, {})
    return Topic(frozenset({f"member {word}"}), frozenset({f"member {word}", f"last {word}"}))


def one_of(name: str, told: Mapping[str, str]) -> str:
    """The last word of a name, one of it."""
    if name.lower() in MYSELF:
        return USER
    known = told.get(without_accents(name).lower())
    words = [word for word in snake(name).split("_") if word and not word.isdigit()]
    return known or (singular(words[-1]) if words else name)


def is_no_chance(members: Collection[str], is_body: bool) -> bool:
    """Whether objects that have these members are one thing wherever they stand."""
    particular = [name for name in members if snake(name) not in COMMON and not snake(name).endswith(HAPPENED)]
    return len(particular) >= PARTICULAR and (not is_body or len(members) >= OF_BODIES)
