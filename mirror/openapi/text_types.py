"""What texts stand for: the schemas of parameters, header fields and the fields of forms.

A converter of the framework's route says it; else a refusal that says what was expected, as long as no accepted value
speaks against it; else the values.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from mirror.formats import SCHEMA_FORMATS, format_of
from mirror.openapi.choices import chosen
from mirror.openapi.evidence import Refusal
from mirror.openapi.naming import snake
from mirror.openapi.place import Place
from mirror.openapi.schema import Schema, enumeration
from mirror.openapi.strings import MIXED, Strings
from mirror.openapi.texts import Texts

# Names (in snake case) of what is text even where somebody has typed digits, and of what is measured even where the
# samples are whole.
WRITTEN = re.compile(
    r".+_version|code|(?:.*_)?(?:country|coupon|currency|discount|gift|invite|language|area|promo|verification|voucher)_code|(?:.*_)?(?:q|query|search|term|keywords?|name|username|filename|title|slug|phone|mobile|zip|postcode|zipcode|zip_code|"
    r"postal_code|sku|isbn|ean|barcode|token|iban|password)"
)
MEASURED = re.compile(r"(?:.*_)?(?:price|lat|lon|lng|latitude|longitude|radius|temperature)(?:_.*)?")

# Who somebody is, as they say themselves: that tests take addresses for it does not make it one.
LOGIN = re.compile(r"(?:.*_)?(?:username|user|login)")

TRUTHS = frozenset("true false 1 0 yes no on off t f y n".split())
FILE: Schema = {"type": "string", "format": "binary"}
ANY_TEXT = "text"
"""The type of strings that a model declares without a format: what they look like says nothing."""
OR = "|"
"""Between the types of which a model declares several, text among them (``number|string``)."""
INTEGERS = frozenset({"integer", "signed"})
NUMBERS = INTEGERS | {"number"}

# What the converters of Werkzeug, Django, Starlette, Litestar and Sanic let through.
CONVERTERS: dict[str, Schema] = {
    **{word: {"type": "integer"} for word in ("int", "integer")},
    **{word: {"type": "number"} for word in ("float", "number", "decimal")},
    **{word: {"type": "string"} for word in ("str", "string", "default", "path", "slug")},
    "uuid": {"type": "string", "format": "uuid"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "time": {"type": "string", "format": "time"},
}
CHOSEN = re.compile(r"\"([^\"]*)\"|'([^']*)'|([^,\s'\"]+)")


def converted(words: Collection[str]) -> Schema | None:
    """The schema of what the framework's converters let through; None where it is not known. Routes that are one path
    may have several, which have only in common that it is text."""
    schemas = [let_through(word) for word in sorted(words)]
    if not schemas or None in schemas:
        return None
    return schemas[0] if all(schema == schemas[0] for schema in schemas) else {"type": "string"}


def let_through(word: str) -> Schema | None:
    name, _, arguments = word.partition("(")
    if name == "any" and arguments:
        chosen = [a or b or c for a, b, c in CHOSEN.findall(arguments.removesuffix(")"))]
        return {"type": "string", "enum": list(dict.fromkeys(chosen))}
    return dict(CONVERTERS[name]) if name in CONVERTERS else None


def text_schema(texts: Texts, name: str = "", refusal: Refusal | None = None, element: Refusal | None = None) -> Schema:
    """The schema of what texts stand for. ``refusal`` is what was said of the name, ``element`` of its elements."""
    types = refusal.types if refusal is not None else set()
    if texts.repeated or element is not None or name.endswith("[]") or types - {"null"} == {"array"}:
        return {"type": "array", "items": scalar(texts, name.removesuffix("[]"), element or refusal)}
    return scalar(texts, name, refusal)


def field_schema(texts: Texts, name: str) -> Schema:
    """The schema of a header field of a response: a Location may be any place, however few were seen."""
    return {"type": "string"} if name == "location" else text_schema(texts)


def scalar(texts: Texts, name: str, refusal: Refusal | None) -> Schema:
    if refusal is not None and refusal.named(texts.values):
        return chosen(refusal)
    told = refusal.types - {"array", "null"} if refusal is not None else set()
    if several := sorted(each for each in told if OR in each):
        return {"type": several[0].split(OR)}
    if len(told) == 1:
        schema = of_type(next(iter(told)), texts)
        if schema is not None:
            return schema
    return of_values(texts, name, refusal)


def of_type(told: str, texts: Texts) -> Schema | None:
    """The schema of a type that a refusal has told; None where accepted values speak against it."""
    forms = texts.forms
    if told == "binary":
        return dict(FILE)
    if told == ANY_TEXT:
        return {"type": "string"}
    if told == "string":
        return {"type": "string"} | ({"format": form} if (form := common_format(forms)) else {})
    if told == "boolean":
        return {"type": "boolean"} if is_truth(texts) or not forms else None
    if told == "integer":
        return {"type": "integer"} if forms <= INTEGERS | {"zero-led"} else None
    if told == "number":
        return {"type": "number"} if forms <= NUMBERS | {"zero-led"} else None
    if told in SCHEMA_FORMATS:
        if forms <= {told} or (told == "date-time" and forms <= {"date", "date-time", "text"}):
            return {"type": "string", "format": told}
        return {"type": "string"}
    return None


def of_values(texts: Texts, name: str, refusal: Refusal | None) -> Schema:
    forms = texts.forms
    if not forms:
        return {"type": "string"}
    if "boolean" in forms and is_truth(texts):
        return {"type": "boolean"}
    low = snake(name)
    if forms <= NUMBERS and texts.written and not texts.counted:
        return {"type": "string"}  # digits: answers have it as a string
    if forms <= NUMBERS and not WRITTEN.fullmatch(low):
        return {"type": "integer" if forms <= INTEGERS and not MEASURED.fullmatch(low) else "number"}
    if (form := common_format(forms)) and not (form == "email" and LOGIN.fullmatch(low)):
        return {"type": "string", "format": form}
    # Texts keep what Strings keep: one judgement for both.
    strings = Strings(texts.count, MIXED, texts.values)
    words = enumeration(strings, Place("request", (name,), {name: refusal} if refusal is not None else {}))
    return {"type": "string", "enum": words} if words else {"type": "string"}


def is_truth(texts: Texts) -> bool:
    """Whether all values are spellings of true and false; a ``true`` or a ``false`` among them where any are."""
    return texts.forms == {"boolean"} or (
        texts.values is not None and bool(texts.values) and {text.lower() for text in texts.values} <= TRUTHS
    )


def common_format(forms: set[str]) -> str | None:
    return next(iter(forms)) if len(forms) == 1 and forms <= SCHEMA_FORMATS else None


def listed(texts: Texts) -> Schema | None:
    """The schema of the elements where values are evidently lists with commas: numbers or identifiers in all of them,
    or words that come again in other lists."""
    if "commas" not in texts.forms or texts.values is None:
        return None
    lists = [text.split(",") for text in sorted(texts.values)]
    forms = {format_of(each) for elements in lists for each in elements}
    if forms == {"integer"}:
        return {"type": "integer"}
    if forms == {"uuid"}:
        return {"type": "string", "format": "uuid"}
    again = any(set(one) & set(other) for one in lists for other in lists if one is not other and len(one) > 1)
    return {"type": "string"} if again and forms <= {"slug", "text"} else None
