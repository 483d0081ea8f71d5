"""What one segment of a path is by itself: part of the interface, a value, or a word that may be either.

    fixed   ``v1``, ``api``, ``me``, ``search``, ``export.csv``: names of things an interface does, never of what it has
    value   ``42``, ``9f1c...``, ``2024-05-01``, ``ord_8f3k2``, ``INV-2024-001``: no one calls a route so
    word    ``orders``, ``alice``, ``hello-world``: only its siblings and its answers tell

Segments are judged percent-decoded.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Literal
from unicodedata import category

from mirror.formats import format_of
from mirror.openapi.naming import singular, words

Kind = Literal["fixed", "value", "word"]

# What interfaces call their own doings, beside the things that they have. (Our own list, from the routes of public
# REST interfaces; none of these words is likely to be the name of a thing.)
DOINGS = frozenset(
    """
    me self current mine whoami search find lookup query filter suggest autocomplete count counts stats statistics
    summary metrics health healthz ready readyz live livez ping status version info about config configuration settings
    preferences profile password avatar login logout signin signout signup register refresh token tokens verify
    validate confirm reset forgot activate deactivate enable disable approve reject accept decline cancel close open
    publish unpublish archive unarchive restore lock unlock pin unpin star unstar follow unfollow like unlike favorite
    new create add edit update delete remove clear bulk batch import export upload download preview render latest recent
    popular trending featured top random first last next previous all any none active inactive pending archived
    completed overdue expired deleted draft drafts published available daily weekly monthly yearly hourly today
    yesterday tomorrow history events timeline feed stream ws websocket socket callback webhook webhooks notify
    notifications subscribe unsubscribe checkout pay refund ship send retry start stop pause resume run execute sync
    swagger redoc docs openapi schema graphql graphiql static assets public internal private admin api rest rpc
    items list index home echo test debug
    """.split()
)
VERSION = re.compile(r"v\d{1,2}(?:\.\d{1,2})?(?:(?:alpha|beta|rc)\d?)?|\d\.\d", re.IGNORECASE)
PREFIX = re.compile(r"api|rest|public|internal|private|admin|services?|gateway|web|app|www|rpc", re.IGNORECASE)
EXTENSION = re.compile(r"\.(?:csv|json|xml|pdf|xlsx?|txt|html?|zip|ya?ml|ics|rss|atom|png|svg|jpe?g)$", re.IGNORECASE)
ROUTABLE = re.compile(r"[A-Za-z0-9_.~:$+!'*-]*")
WRITTEN = "LMN"
"""The categories of Unicode that words are written with: letters, marks, numbers."""

VALUE_FORMATS = frozenset(
    {"integer", "number", "uuid", "date", "date-time", "time", "email", "ipv4", "ipv6", "uri", "jwt"}
)
RELEASE = re.compile(r"v?\d+\.\d+\.\d+\S*")
# ord_8f3k2, usr-001, INV-2024-001, SKU123, 1a2b3c
PREFIXED = re.compile(r"[A-Za-z]{1,16}[_-](?=[A-Za-z]*\d)(?:\d{2,}|[0-9A-Za-z]{4,})")
CODE = re.compile(r"[A-Z]{1,8}[-_]?\d+(?:[-_.][0-9A-Z]+)*|[A-Z]{1,8}(?:[-_][0-9A-Z]+)*[-_]\d+(?:[-_][0-9A-Z]+)*")
NUMBERED = re.compile(r"\d{2,}[-_][a-z0-9]+(?:[-_][a-z0-9]+)+")
CAPITALS = re.compile(r"[A-Z]{2,}(?:[-_][A-Z]+)*")


@lru_cache(maxsize=4096)
def kind_of(segment: str) -> Kind:
    if not segment or VERSION.fullmatch(segment):
        return "fixed"
    if EXTENSION.sub("", segment).lower() in DOINGS:
        return "fixed"
    return "value" if is_value(segment) else "word"


def is_value(segment: str) -> bool:
    """Whether it is evidently a value: no route would be called so."""
    if len(segment) > 128 or not is_routable(segment):
        return True
    form = format_of(segment)
    if form in VALUE_FORMATS:
        return True
    if form == "hex":
        return any(map(str.isdigit, segment))
    if RELEASE.fullmatch(segment) or CODE.fullmatch(segment) or NUMBERED.fullmatch(segment):
        return True
    if PREFIXED.fullmatch(segment):
        return True
    return is_disorder(segment)


def is_routable(segment: str) -> bool:
    """Whether routes are written so: in words of any script."""
    foreign = [each for each in segment if not each.isascii()]
    plain = segment if not foreign else "".join(filter(str.isascii, segment))
    return bool(ROUTABLE.fullmatch(plain)) and all(category(each)[0] in WRITTEN for each in foreign)


def is_disorder(segment: str) -> bool:
    """Whether letters and digits change places too often for words: ``8f3k2a``, ``dQw4w9WgXcQ``."""
    if "." in segment or len(segment) < 6 or not any(map(str.isdigit, segment)):
        return False
    letters = [each for each in segment if each.isalnum()]
    changes = sum(a.isalpha() != b.isalpha() for a, b in pairwise(letters))
    cases = sum(a.islower() != b.islower() for a, b in pairwise(letters) if a.isalpha() and b.isalpha())
    return changes >= 3 and (changes + cases) * 5 >= len(letters)


def looks_made(segment: str) -> int:
    """How much a word looks like one that somebody gave a thing, from 0 to 2: digits, capitals, many hyphens."""
    if any(map(str.isdigit, segment)) or CAPITALS.fullmatch(segment) or segment.count("-") >= 3:
        return 2
    return 1 if EXTENSION.search(segment) else 0


# Names ----------------------------------------------------------------------------------------------------------------


def is_plural(segment: str) -> bool:
    """Whether a segment names several of a thing: ``orders``, ``order-items``, ``people``."""
    parts = words(EXTENSION.sub("", segment))
    return bool(parts) and singular(parts[-1].lower()) != parts[-1].lower()


def variable_name(collection: str) -> str:
    """The name of the variable for a member of a collection: ``order-items`` has ``order_item_id``."""
    parts = [part.lower() for part in words(collection)]
    if not parts:
        return "id"
    name = "_".join([*parts[:-1], singular(parts[-1])])
    return f"{'_' if name[0].isdigit() else ''}{name}_id"
