"""The choices that people list where they refuse a value: ``must be one of new, paid or sent``.

    options("phase must be one of new, paid or sent")         Options({"new", "paid", "sent"})
    options("must be one of new, paid and 3 more")            Options(doubtful=True)
    options("must be a date")                                 None

What is listed are a few short words, in quotation marks or not, up to the end of the sentence. Where it is clear that
there are choices, but not which, it is doubtful: then nobody may say that those which were seen are all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

MOST_OPTIONS = 60
LONGEST_OPTION = 40
LONGEST = 600
"""Characters of a sentence that is read."""

MUST_BE = r"(?:must|should|shall|has to|have to|needs? to|ought to|may only|can only)(?: only| always)? be"
ALLOWED = r"(?:allowed|valid|accepted|acceptable|permitted|possible|available|supported|legal|known)"
COPULA = r"(?=:| (?:are|is)\b| ?[\[(])"
SURE = re.compile(
    "(?:"
    + "|".join(
        (
            rf"(?:{MUST_BE}|n't|\bnot|\bexpect(?:ed|s)?(?: value)?|\b(?:use|choose|pick|select|try)|(?:^|[:;.,(-]))"
            r" ?(?:either )?\b(?:one|any|either) of",
            rf"{MUST_BE} (?:either|in|within|among|from)\b",
            r"\bnot (?:in|among)\b",
            r"\b(?:choose|pick|select) (?:from|between|among)\b",
            r"\b(?:choose|pick|select) an? [a-z]+(?=:)",
            rf"(?<!not )(?<!not a )\b{ALLOWED}(?: (?!char|symbol|range|length|pattern)[a-z]+(?: for \w+)?)?{COPULA}",
            rf"\b{ALLOWED} (?:values|choices|options)\b",
            rf"\b(?:choices|options){COPULA}",
        )
    )
    + r")(?: the following| these)?(?: \w+(?=:| \[| \())?(?: are| is)?[:=]?\s*",
    re.IGNORECASE,
)
# What may go on with qualities of values instead.
UNSURE = re.compile(rf"(?:{MUST_BE}|\bexpect(?:ed|s)?|\buse)\b[:=]?\s*", re.IGNORECASE)
ONLY = re.compile(r"\bonly (?P<list>.+?) (?:is |are )?(?:allowed|supported|accepted|valid|permitted)\b", re.IGNORECASE)

QUOTED = r"'[^'\n]{1,40}'|\"[^\"\n]{1,40}\"|`[^`\n]{1,40}`|\u201c[^\u201d\n]{1,40}\u201d|\u2018[^\u2019\n]{1,40}\u2019"
BARE = r"-?\w(?:[\w.+:@/-]{0,38}[\w+])?"
ITEM = rf"(?:{QUOTED}|(?!(?:or|and|not|got)\b){BARE})"
BETWEEN = r"(?:\s*[,|;]\s*(?:(?:or|and)\s+)?|\s+(?:or|and)\s+)"
LIST = re.compile(rf"{ITEM}(?:{BETWEEN}{ITEM})+", re.IGNORECASE)
SPACED = re.compile(rf"{ITEM}(?:\s+{ITEM})+")
SINGLE = re.compile(rf"{QUOTED}|{BARE}")
BRACKETS = {"[": "]", "(": ")", "{": "}", "<": ">"}
REST = re.compile(
    r"\s*\)?(?:[.!]?|[.!]\s+.*|[,;.]?\s*\(?(?:but )?(?:got|not|was|received|found|given|you (?:gave|sent|passed))\b.*)",
    re.DOTALL | re.IGNORECASE,
)
SEVERAL = re.compile(r"[,|;]|\s(?:or|and)\s", re.IGNORECASE)
# Words for what a value is like, not for values.
QUALITIES = frozenset(
    """a an the null none nil empty blank unique valid invalid present absent required optional positive negative zero
    integer int number numeric digit digits float decimal string text boolean bool array list object dict date datetime
    time email uri url uuid alphanumeric alphabetic letters ascii lowercase uppercase greater less more fewer at between
    before after longer shorter above below equal equals non-negative non-empty odd even hyphens underscores dashes
    future past unset omitted whole finite it its""".split()
)
NO_WORDS = frozenset({"none", "null", "true", "false", "nil", "undefined", "etc"})

BESIDE = """allowed allowed_values allowedValues choices valid_choices validChoices expected expected_values permitted
permitted_values options valid valid_values validValues valid_options accepted accepted_values supported one_of oneOf
enum""".split()
"""Names of members that list choices beside a sentence."""


class Options(NamedTuple):
    """``type`` is that of all choices where they are numbers, ``boolean`` for true and false, ``string`` where they are
    quoted; ``doubtful`` tells that there may be others, or that these are none."""

    choices: tuple[str, ...] = ()
    type: str = ""
    doubtful: bool = False


@lru_cache(maxsize=1024)
def options(sentence: str) -> Options | None:
    """The choices that a sentence lists; None where it lists none."""
    if len(sentence) > LONGEST:
        return None
    doubtful = False
    for found in SURE.finditer(sentence):
        made = listed(sentence[found.end() :])
        if made is not None:
            return made
        doubtful = doubtful or SEVERAL.search(sentence, found.end()) is not None
    if (only := ONLY.search(sentence)) and (made := listed(only["list"])) is not None:
        return made
    if doubtful:
        return Options(doubtful=True)
    for found in UNSURE.finditer(sentence):
        made = listed(sentence[found.end() :])
        if made is not None and made.type == "":
            return None if {word.lower() for word in made.choices} & QUALITIES else made._replace(doubtful=True)
        if made is not None:
            return made
    return None


def listed(text: str) -> Options | None:
    """The words of a list that a text is, or begins with where no more than what was got instead follows."""
    closing = BRACKETS.get(text[:1])
    if closing is not None:
        inside, closed, rest = text[1:].partition(closing)
        found = LIST.fullmatch(inside.strip()) or SPACED.fullmatch(inside.strip()) or SINGLE.fullmatch(inside.strip())
        made = of_items(found[0]) if found and closed and REST.fullmatch(rest) else None
        # A set has another order in each run.
        return made._replace(choices=tuple(sorted(made.choices))) if made is not None and closing == "}" else made
    found = LIST.match(text) or SINGLE.match(text)
    if found is None or REST.fullmatch(text, found.end()) is None:
        return None
    several = found[0] if SEVERAL.search(found[0]) else found[0].replace("/", ",")
    return of_items(several) if several != found[0] or SEVERAL.search(several) else None


def of_items(text: str) -> Options | None:
    items = [each for each in SINGLE.findall(text) if each.lower() not in ("or", "and")]
    bare = [each for each in items if not is_quoted(each)]
    words = [each[1:-1] if is_quoted(each) else each for each in items]
    if {each.lower() for each in bare} == {"true", "false"} and len(bare) == len(words):
        return Options(type="boolean")
    if any(each.lower() in NO_WORDS for each in bare) or not 0 < len(words) <= MOST_OPTIONS:
        return None
    return of_words(words, quoted=not bare)


def is_quoted(item: str) -> bool:
    return item[:1] in "'\"`\u201c\u2018"


def of_words(words: Iterable[str], quoted: bool = False) -> Options:
    found = tuple(dict.fromkeys(words))
    if quoted:
        return Options(found, "string")
    if all(re.fullmatch(r"-?\d+", each) for each in found):
        return Options(found, "integer")
    return Options(found, "number" if all(re.fullmatch(r"-?\d+(?:\.\d+)?", each) for each in found) else "")


def options_beside(entry: Mapping[str, Any]) -> Options | None:
    """The choices that stand in a list beside a sentence: ``{"message": ..., "allowed": ["new", "paid"]}``."""
    for name in BESIDE:
        words = entry.get(name)
        if not (isinstance(words, list) and 0 < len(words) <= MOST_OPTIONS):
            continue
        if all(type(each) is int for each in words):
            return of_words(map(str, words))
        if all(isinstance(each, str) and 0 < len(each) <= LONGEST_OPTION for each in words):
            return None if {*words} <= QUALITIES else of_words(words, quoted=True)
    return None
