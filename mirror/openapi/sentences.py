"""What the words of validation errors mean: the kinds of Pydantic, and the sentences of other libraries.

A sentence is taken as a whole: it is one of those that a library makes, or it means nothing. The sources are the
libraries' own messages: Pydantic 1 and 2, marshmallow, Django REST framework, the forms of Django and WTForms,
Cerberus, voluptuous, jsonschema (and so Flask-RESTX and Connexion), Ajv, msgspec (and so Litestar), Flask-RESTX's
reqparse, Falcon, Laravel; and what people write when they write the field's name and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from mirror.openapi.options import Options, options

LONGEST = 4000
"""Characters of a sentence that is read."""


class Meaning(NamedTuple):
    """What an error says. ``kind`` is its own word, empty where nothing was understood; ``type`` what was expected;
    ``name`` and ``where`` the place where the sentence itself says it; ``listed`` whether whoever says so lists all
    errors at once; ``unknown`` whether the request had what nobody asked for; ``doubtful`` whether there may be other
    choices, or none."""

    kind: str = ""
    missing: bool = False
    type: str = ""
    choices: tuple[str, ...] = ()
    name: str = ""
    where: str = ""
    listed: bool = False
    unknown: bool = False
    doubtful: bool = False


NOTHING = Meaning()

# Types ----------------------------------------------------------------------------------------------------------------

TYPES = {
    word: name
    for name, words in {
        "integer": "integer int long positive_integer",
        "number": "number float decimal double real finite",
        "string": "string str bytes",
        "boolean": "boolean bool",
        "array": "array list tuple set frozen_set frozenset sequence iterable",
        "object": "object dict dictionary mapping model model_attributes dataclass typed_dict record map",
        "null": "null none none_required nonetype",
        "uuid": "uuid guid",
        "date": "date",
        "date-time": "datetime date-time",
        "time": "time",
        "email": "email",
        "uri": "url uri",
        "ipv4": "ipv4 ip_v4 ip_v4_address",
        "ipv6": "ipv6 ip_v6 ip_v6_address",
    }.items()
    for word in words.split()
}


def type_named(words: str) -> str:
    """The one type among words, null aside: ``int | null``, ``'string', 'null'``; empty where there are several."""
    names = {TYPES.get(word, "?") for word in re.findall(r"[\w-]+", words.lower())} - {"null"}
    found = names.pop() if len(names) == 1 else ""
    return "" if found == "?" else found


QUOTED = re.compile(r"'((?:[^'\\]|\\.)*+)'|\"((?:[^\"\\]|\\.)*+)\"|(?<![\w.])(-?\d+(?:\.\d+)?)(?![\w.])")


def choices_in(text: str) -> tuple[tuple[str, ...], str]:
    """The literals in a text (``'a', 'b' or 3``), and the type that all of them have."""
    found, types = [], set()
    for single, double, number in QUOTED.findall(text):
        if number:
            types.add("number" if "." in number else "integer")
            found.append(number)
        else:
            types.add("string")
            found.append(re.sub(r"\\(.)", r"\1", single or double))
    return tuple(dict.fromkeys(found)), types.pop() if len(types) == 1 else ""


# Pydantic -------------------------------------------------------------------------------------------------------------

VERSION_2 = re.compile(
    r"(int|float|decimal|bool|string|bytes|list|tuple|set|frozen_set|iterable|dict|mapping|model|model_attributes|"
    r"dataclass|typed_dict|uuid|date|datetime|time|url|ip_v4|ip_v6|ip_v4_address|ip_v6_address)"
    r"_(?:type|parsing|parsing_size|from_\w+|too_\w+|past|future|pattern_mismatch|max_\w+|whole_digits|sub_type|"
    r"unicode|scheme|syntax_violation|version|inexact)"
)
VERSION_1 = re.compile(r"(?:type|value)_error\.(\w+)(?:\.\w+)*")
EMAIL = re.compile(r"value is not a valid email address", re.IGNORECASE)


def of_pydantic(kind: str, message: str, context: Any) -> Meaning:
    """The meaning of an entry of ``ValidationError.errors()``; ``context`` is its ``ctx``."""
    context = context if isinstance(context, Mapping) else {}
    if kind in ("missing", "value_error.missing", "missing_argument", "missing_keyword_only_argument"):
        return Meaning("missing", missing=True, listed=True)
    if kind in ("extra_forbidden", "value_error.extra", "unexpected_keyword_argument"):
        return Meaning(kind, unknown=True, listed=True)
    if kind in ("enum", "literal_error", "type_error.enum", "value_error.const"):
        told = context.get("expected") or context.get("enum_values") or context.get("permitted")
        if not told:
            told = message.partition("permitted:")[2] or message.removeprefix("Input should be ")
        choices, type_ = choices_in((told if isinstance(told, str) else repr(told))[:LONGEST])
        return Meaning(kind, type=type_, choices=choices, listed=True)
    if kind.startswith("value_error") and EMAIL.match(message):
        return Meaning(kind, type="email", listed=True)
    if kind == "finite_number":
        return Meaning(kind, type="number", listed=True)
    if kind == "none_required":
        return Meaning(kind, type="null", listed=True)
    if found := VERSION_2.fullmatch(kind):
        return Meaning(kind, type=TYPES.get(found[1], ""), listed=True)
    if found := VERSION_1.fullmatch(kind):
        return Meaning(kind, type="string" if found[1] == "any_str" else TYPES.get(found[1], ""), listed=True)
    return Meaning(kind or "unknown", listed=True)


# Sentences ------------------------------------------------------------------------------------------------------------

NAME = r"[\"'`](?P<name>[^\"'`\s]{1,100})[\"'`]"
PLAIN = r"(?P<name>[a-z_][a-zA-Z0-9_.-]{0,63})"
WORDS = r"(?P<type>[\w-]+)"

LISTED: list[tuple[str, str]] = [
    # marshmallow, Django REST framework
    ("missing", r"Missing data for required field\.|This field is required\.|No file was submitted\."),
    ("unknown", r"Unknown field\."),
    ("not null", r"Field may not be null\.|This field may not be null\."),
    ("blank", r"This field may not be blank\."),
    ("choice", r"Must be one of: (?P<bare>.+?)\."),
    ("choice", r"\".*\" is not a valid choice\."),
    ("type", rf"Not a valid {WORDS}(?: type| address| value)?\."),
    ("type", rf"A valid {WORDS} is required\.|Must be a valid {WORDS.replace('type', 'type2')}\."),
    ("type", rf"{WORDS} has wrong format\. Use one of these formats instead: .*"),
    ("type", rf"Enter a valid {WORDS}(?: address)?\."),
    ("array", r"Expected a list of items but got type \".*\"\."),
    ("object", r"Expected a dictionary of items but got type \".*\"\."),
    ("object", r"Invalid data\. Expected a dictionary, but got .*\.|Invalid input type\."),
    ("slug", r"Enter a valid \"slug\" consisting of .*"),
    ("integer", r"Enter a whole number\."),
    ("number", r"Enter a number\."),
    ("choice", r"Select a valid choice\. .*"),
    ("type", r"Invalid (?P<type>email|URL|UUID)(?: address)?\."),
    # Cerberus
    ("missing", r"required field"),
    ("unknown", r"unknown field"),
    ("not null", r"null value not allowed"),
    ("type", r"must be of (?P<type>\w+) type"),
    ("choice", r"unallowed value .*"),
    # Pydantic's messages, where its kinds are left out
    ("missing", r"[Ff]ield required"),
    ("unknown", r"Extra inputs are not permitted|extra fields not permitted"),
    ("email", r"value is not a valid email address.*"),
    ("type", rf"Input should be (?:a|an|in a) valid {WORDS}\b(?! or datetime).*"),
    ("date", r"Input should be a valid date or datetime.*|invalid date format"),
    ("date-time", r"Input should be a valid datetime.*|invalid datetime format"),
    ("choice", r"Input should be (?P<quoted>(?:'|\"|-?\d).*)"),
    ("choice", r"(?:value is not a valid enumeration member|unexpected value); permitted: (?P<quoted>.*)"),
    ("type", rf"value is not a valid {WORDS}|{WORDS.replace('type', 'type2')} type expected"),
    ("boolean", r"value could not be parsed to a boolean"),
    # Laravel, Rails
    ("missing", r"The [\w .]{1,60} field is required\.|can't be blank"),
]

OTHERS: list[tuple[str, str]] = [
    # jsonschema; Ajv
    ("missing", rf"{NAME} is a required property(?: - '(?P<path>[^']*)')?"),
    ("missing", rf"must have required property {NAME}"),
    ("type", r".* is not of type (?P<type>'\w+'(?:, '\w+')*)(?: - '(?P<path>[^']*)')?"),
    ("type", r"must be (?P<type>integer|number|string|boolean|array|object|null)"),
    ("choice", r".* is not one of \[(?P<quoted>.*)\](?: - '(?P<path>[^']*)')?"),
    ("type", r".* is not a '(?P<type>date|date-time|time|email|uuid|uri|ipv4|ipv6)'"),
    ("unknown", r"Additional properties are not allowed \(.*\)|must NOT have additional properties"),
    # voluptuous
    ("missing", r"required key not provided @ data(?P<path>\[.*\])"),
    ("type", rf"expected {WORDS}(?: for dictionary value)? @ data(?P<path>\[.*\])"),
    ("unknown", r"extra keys not allowed @ data(?P<path>\[.*\])"),
    # Falcon
    ("integer", rf"The {NAME} parameter is invalid\. The value must be an integer\."),
    ("missing", r"The (?P<name>[\w-]+) (?P<where>header) is required\."),
    # marshmallow-oneofschema
    ("tag", r"Unsupported value: .*"),
    # msgspec, Litestar
    ("missing", r"Object missing required field `(?P<name>[^`]+)`(?: - at `(?P<path>[^`]*)`)?"),
    ("type", r"Expected `(?P<type>[^`]+)`, got `[^`]*`(?: - at `(?P<path>[^`]*)`)?"),
    ("choice", r"Invalid enum value .*"),
    ("missing", rf"Missing required (?P<where>query|header|cookie|path) parameter {NAME} for .*"),
    # Connexion
    ("missing", rf"Missing (?P<where>query|header|cookie|path|formdata) parameter {NAME}"),
    ("type", rf"Wrong type, expected '{WORDS}' for (?P<where>query|header|cookie|path) parameter {NAME}"),
    # reqparse
    ("missing", r"(?:.* )?Missing required parameter in (?P<where>.+)"),
    ("integer", r"invalid literal for int\(\) with base 10: .*"),
    ("number", r"could not convert string to float: .*"),
    ("invalid", r"The value .* is not a valid choice for '.*'\."),
]

# Only where a place beside it, or the name in it, is all that it says.
HAND_MADE: list[tuple[str, str]] = [
    ("missing", r"(?i:(?:this field |field |value )?(?:is )?(?:required|missing)\.?)"),
    ("missing", r"(?i:(?:can ?not|can't|must not|may not) be (?:blank|empty)\.?)"),
    ("type", r"(?i:(?:must|should) be an? (?:valid |positive |non-negative )?(?P<type>[\w-]+)(?: address)?\.?)"),
    ("type", r"(?i:(?:is )?not an? (?:valid )?(?P<type>[\w-]+)\.?)"),
]

A_PLACE = r"(?P<where>(?i:query|header|cookie|body|form|json|path))? ?(?i:field|parameter|param|property|key|argument)"
NAMING: list[tuple[str, str]] = [
    ("missing", rf"(?i:missing|required)(?: (?i:required))? {A_PLACE}:? ?{NAME}\.?"),
    ("missing", rf"(?i:missing|required)(?: (?i:required))? {A_PLACE}: ?{PLAIN}\.?"),
    ("missing", rf"(?i:missing):? {NAME}(?: {A_PLACE})?\.?"),
    (
        "missing",
        rf"(?:(?i:the) )?(?:{A_PLACE} )?{NAME}(?: (?i:field|parameter|property))? (?i:is (?:required|missing))\.?",
    ),
    ("missing", rf"(?:(?i:the) )?{PLAIN} (?i:field|parameter|property) (?i:is (?:required|missing))\.?"),
    ("missing*", rf"{PLAIN} is (?:required|missing)\.?"),
    ("type", rf"{NAME} must be an? (?P<type>[a-z]+)\.?"),
]
ABOUT = re.compile(
    r"(?i:(?:the|an?|query|body|field|parameter|param|property|argument|value|choice|option|for|of|in|invalid|unknown|bad|"
    r"unsupported|illegal|unrecogni[sz]ed|unexpected|wrong) )*"
    rf"(?:{NAME}|(?P<plain>[A-Za-z_][\w-]{{0,63}}))"
    r"(?=\s*(?:[^\w\s]|$)|\s+(?i:field|param|property|value|must|should|shall|ha[sv]|need|ought|is|are|was|not|can|may|"
    r"only|expect|allow))"
)
"""What a sentence that lists choices is about: its first word that is not said of everything, as far as it is alone."""


def rules(*tables: list[tuple[str, str]]) -> list[tuple[str, re.Pattern[str]]]:
    return [(kind, re.compile(pattern, re.DOTALL)) for table in tables for kind, pattern in table]


RULES = {True: rules(LISTED), False: rules(OTHERS)}
NEAR = rules(HAND_MADE)
ALONE = rules(NAMING)


class Reading(NamedTuple):
    """A meaning, and the path that the sentence adds to the place (``$.items[0]``)."""

    meaning: Meaning
    path: str = ""


@lru_cache(maxsize=4096)
def read(sentence: str) -> Reading | None:
    """What a library's sentence means; None where it is none of a library's."""
    if len(sentence) > LONGEST:
        return None
    for listed, table in RULES.items():
        found = first(table, sentence)
        if found is not None:
            return found._replace(meaning=found.meaning._replace(listed=listed))
    return None


@lru_cache(maxsize=1024)
def read_beside(sentence: str) -> Reading | None:
    """What a person's sentence means that stands beside the name of a place."""
    reading = first(NEAR, sentence) if len(sentence) < 200 else None
    return reading or of_options(options(sentence))


@lru_cache(maxsize=1024)
def read_alone(sentence: str) -> Reading | None:
    """What a person's sentence means that names a place itself. Its kind is ``missing*`` where the name is a bare word,
    which may be any word; and ``choice*`` where it lists choices, and the name may be any of its words."""
    reading = first(ALONE, sentence) if len(sentence) < 200 else None
    return reading or of_options(options(sentence), sentence)


def of_options(told: Options | None, about: str = "") -> Reading | None:
    """The meaning of choices: those for what a sentence is about, where it is given; None where there are none."""
    found = ABOUT.match(about)
    if told is None or (about and found is None):
        return None
    meaning = Meaning("choice*" if about else "choice", type=told.type, choices=told.choices, doubtful=told.doubtful)
    if found is None:
        return Reading(meaning)
    name = found["name"] or found["plain"]
    return Reading(meaning._replace(name=name if found["name"] else name[:1].lower() + name[1:]))


def first(table: list[tuple[str, re.Pattern[str]]], sentence: str) -> Reading | None:
    for kind, pattern in table:
        found = pattern.fullmatch(sentence)
        if found is None:
            continue
        groups = found.groupdict()
        type_ = "" if kind not in TYPES.values() else kind
        choices: tuple[str, ...] = ()
        if kind == "type":
            type_ = type_named(groups.get("type") or groups.get("type2") or "")
            if not type_ and table is NEAR:
                continue
        elif groups.get("bare"):
            choices = tuple(dict.fromkeys(groups["bare"].split(", ")))
        elif groups.get("quoted"):
            choices, type_ = choices_in(groups["quoted"])
            if not choices:
                continue  # somebody's, who has left the quotation marks out
        missing = kind.startswith("missing")
        name, where = groups.get("name") or "", groups.get("where") or ""
        meaning = Meaning(kind, missing, type_, choices, name, where.lower(), unknown=kind == "unknown")
        return Reading(meaning, groups.get("path") or "")
    return None
