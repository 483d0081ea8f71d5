"""Names for what has none: operations, schemas, tags; and what paths and methods are called."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from itertools import chain, count
from types import MappingProxyType
from unicodedata import combining, normalize
from urllib.parse import unquote

from mirror.openapi.spelling import spelled

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
"""What a path item may have (OpenAPI 3.1, Path Item Object)."""

ERROR = "Error"
"""What the object in a refusal is called, whatever its status: later runs show it with others."""

MYSELF = frozenset({"me", "self", "myself", "whoami"})
"""What stands in paths for whoever asks, ..."""
USER = "user"
"""... and what they are."""

KEPT = re.compile(r"(?:ss|us|is|news|series|species)$")
DROP_TWO = re.compile(r"(?:ss|sh|ch|x|zz)es$")
VERSION = re.compile(r"v?\d+(?:[._]\d+)*|api|rest|public|internal", re.IGNORECASE)
IN_COLLECTION = re.compile(r"/([^/{}]+)/\{([^{}]+?)_?(?:[Ii][Dd]|uuid|pk|key|code|slug|no|number)\}")
"""A collection, and what the parameter behind it is the identifier of."""
WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
IRREGULAR = {
    "people": "person",
    "children": "child",
    "men": "man",
    "women": "woman",
    "mice": "mouse",
    "feet": "foot",
    "indices": "index",
    "vertices": "vertex",
    "matrices": "matrix",
    "criteria": "criterion",
    "analyses": "analysis",
    "bases": "base",
    "databases": "database",
    "movies": "movie",
    "cookies": "cookie",
    "calories": "calorie",
    "ties": "tie",
    "leaves": "leaf",
    "shelves": "shelf",
    "halves": "half",
    "wolves": "wolf",
    "knives": "knife",
    "lives": "life",
    "quizzes": "quiz",
    "caches": "cache",
    "heroes": "hero",
    "potatoes": "potato",
    "tomatoes": "tomato",
    "axes": "axis",
    "gases": "gas",
    "aliases": "alias",
    "canvases": "canvas",
    "buses": "bus",
    "bonuses": "bonus",
    "statuses": "status",
    "campuses": "campus",
    "viruses": "virus",
}


def singular(word: str) -> str:
    """One of what an English word names several of: ``categories`` is ``category``; other words stay."""
    low = word.lower()
    if low in IRREGULAR:
        return IRREGULAR[low]
    if len(word) < 3 or not low.endswith("s") or KEPT.search(low):
        return word
    if low.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if DROP_TWO.search(low) else word[:-1]


def words(text: str) -> list[str]:
    """The words in an identifier, a path segment or a media type, in ASCII."""
    return WORDS.findall(without_accents(text))


def pascal(*texts: str) -> str:
    """``order line``, ``order_line`` and ``orderLine`` as ``OrderLine``; before a digit comes an underscore."""
    name = "".join(
        word if word.isupper() and len(word) > 1 else word.capitalize() for text in texts for word in words(text)
    )
    return f"_{name}" if name[:1].isdigit() else name


def snake(*texts: str) -> str:
    return "_".join(word.lower() for text in texts for word in words(text))


def of_one(name: str, member: str) -> str:
    """What an object is called that is no element: ``limits`` are ``Limits``, where a list has each a ``Limit``."""
    return pascal(member) if name == pascal(singular(member)) else name


def component_name(model: str) -> str:
    """What a component may be called that has the name of a model (``Page[Item]`` is ``Page_Item_``, as FastAPI has
    it); empty where nothing of a name is left."""
    name = re.sub(r"[^\w.-]", "_", model, flags=re.ASCII)
    return name if name.strip("_.-") else ""


def readable(segment: str) -> str:
    """A segment as people read it, without its percent-encoding; as it is where that says nothing readable."""
    try:
        text = unquote(segment, errors="strict")
    except UnicodeDecodeError:
        return segment
    return text if text.isprintable() else segment


def without_accents(text: str) -> str:
    """Names are made of ASCII: ``café`` gives ``cafe``, other scripts give no words."""
    return text if text.isascii() else "".join(each for each in normalize("NFKD", text) if not combining(each))


def literals(template: str) -> list[str]:
    """The literal segments of a path template as people read them, without those that only say a version of the
    interface."""
    parts = [part for part in template.split("/") if part and "{" not in part]
    return [part for part in map(readable, parts) if not VERSION.fullmatch(part)]


def singulars(templates: Iterable[str]) -> dict[str, str]:
    """What is one of a collection, where the parameter behind it says so: of ``/leaves/{leave_id}`` a leave. English
    has words that are the plural of two others; a collection that is said to have two is left to ``singular``."""
    found: dict[str, set[str]] = {}
    for template in templates:
        for collection, name in IN_COLLECTION.findall(template):
            word, one = (without_accents(readable(each)).lower() for each in (collection, name))
            if word in (f"{one}s", f"{one}es", f"{one[:-1]}ies", f"{one[:-1]}ves", f"{one[:-2]}ves"):
                found.setdefault(word, set()).add(one)
    return {word: min(ones) for word, ones in found.items() if len(ones) == 1}


def subject(
    template: str, otherwise: str = "Root", told: Mapping[str, str] = MappingProxyType({}), is_single: bool = False
) -> str:
    """What a path is about, in one word or two: ``/v1/orders/{order_id}/lines/{n}`` is about an ``OrderLine``; or
    something else where no word can be made of it. ``told`` is what is known of collections (see singulars); the last
    word is kept where the path ``is_single``, and no collection."""
    parts = [part for part in template.split("/") if part and not VERSION.fullmatch(part)]
    found = [part for part in parts if "{" not in part]
    if not found:
        return otherwise
    owner, last = [without_accents(readable(part)) for part in ("", *found)[-2:]]
    last = re.sub(r"\.\w+$", "", last)
    owner, one = (told.get(word.lower()) or singular(word) for word in (owner, last))
    last = last if is_single else one
    owned = len(found) > 1 and len(parts) > 2 and "{" in parts[parts.index(found[-1]) - 1]
    return (pascal(owner, last) if owned else pascal(last)) or otherwise


def blank(template: str) -> str:
    """A template without the names of its parameters, in one spelling: what two that are the same have in common."""
    return re.sub(r"\{[^{}]*\}", "{}", spelled(template))


def free(name: str, taken: Container[str]) -> str:
    """The name; with a number, from 2 on, where it is taken."""
    return next(each for each in chain([name], (f"{name}_{number}" for number in count(2))) if each not in taken)
