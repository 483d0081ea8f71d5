"""JSON, walked without being rebuilt: only the strings and numbers that change are written anew.

The text is first read by ``json`` (which says whether it is JSON at all, NaN included), then taken apart by one regular
expression into strings, numbers and brackets. What stands between them, the order of keys, repeated keys and the way
numbers are written stay byte for byte.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from mirror.redact.graphql import bound_in
from mirror.redact.inner import Inner, Unreadable, below
from mirror.redact.keys import Key, is_message
from mirror.redact.verdict import is_said

TOKEN = re.compile(
    r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"(\s*+:)?+|(-?[0-9]++(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+)|([\[{])|([\]}])'
)
STRING = re.compile(r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"')
# Outside of strings: numbers that may be cards, lists in lists.
TELLING = re.compile(r"(?<![0-9.eE+-])[0-9]{13,19}(?![0-9.eE])|[\[,]\s*+\[")
NAMES = frozenset(
    {"name", "key", "header", "field", "param", "parameter", "variable", "propertypath", "property", "attribute"}
)
# {"loc": ["body", "password"], "input": ...}: Pydantic's place of a refused value.
PLACES = frozenset({"loc"})
VALUES = frozenset(
    {
        "value",
        "values",
        "val",
        "content",
        "newvalue",
        "oldvalue",
        "stringvalue",
        "input",
        "invalidvalue",
        "rejectedvalue",
    }
)
OAUTH = frozenset({"grant_type", "client_id", "redirect_uri"})  # beside these, ``code`` is OAuth's
GRANT = Key("code", numbers=False)
UNBOUND: Mapping[str, Key] = {}
DEEPEST = 500


class Frame:
    """A container: what its own name says, and what has been seen in it."""

    __slots__ = (
        "bound", "collects", "held", "index", "inherited", "is_list", "last", "message", "named", "oauth", "own",
        "pair",
    )  # fmt: skip

    def __init__(self, is_list: bool, inherited: Key | None, message: bool, pair: bool) -> None:
        self.is_list = is_list
        self.inherited = inherited  # for the elements of a list, and for neutral names in an object
        self.message = message  # stands under "errors": sentences are not secrets
        self.own: Key | None = inherited if is_list else None  # for the next value
        self.named: str | None = None  # {"name": "password", "value": ...}
        self.pair = pair  # a list in a list: ["Authorization", "..."]
        self.index = 0
        self.last: str | None = None  # of a list that names a place: its last string
        self.held: list[tuple[re.Match[str], str]] = []  # {"value": ..., "name": "password"}
        self.collects = False  # stands under that "value": all in it is held
        self.oauth = False  # {"grant_type": ..., "code": ...}
        self.bound: Mapping[str, Key] = UNBOUND  # GraphQL's variables, what their arguments' names say of them


def read(text: str) -> Any:
    """What a text says. Raises where it is not JSON."""
    try:
        return json.loads(text)
    except ValueError as error:
        # Python refuses integers of more than 4300 digits; they are JSON all the same.
        if "integer string conversion" not in str(error):
            raise Unreadable(str(error)) from None
        return json.loads(text, parse_int=len)


def loads_string(raw: str) -> str:
    """What a JSON string says. ``raw`` is what stands between its quotation marks."""
    if "\\" not in raw:
        return raw
    value = json.loads(f'"{raw}"', strict=False)
    return value if isinstance(value, str) else raw


def dump(value: str, ascii_only: bool) -> str:
    """A string as it stands between quotation marks. Half a surrogate pair can only stand there as an escape."""
    try:
        value.encode()
    except UnicodeEncodeError:
        ascii_only = True
    return json.dumps(value, ensure_ascii=ascii_only)[1:-1]


def rewrite(
    text: str, inner: Inner, depth: int = 0, key: Key | None = None, variables: Mapping[str, Key] = UNBOUND
) -> str:
    """The text without its secrets; the very same object where there are none. Raises Unreadable.

    ``key`` is what the name of the whole says, for its elements; ``variables`` what a GraphQL document says of its
    members, where the text holds those.
    """
    whole = read(text)
    if key is None and not variables and (pieces := alike(text, inner)) is not None:
        return rewrite_alike(text, pieces, inner, depth)
    bound = bound_in(whole, inner.key) if '"variables"' in text and "$" in text else UNBOUND
    made: dict[int, tuple[int, str]] = {}  # where something is written anew: until where, and what
    frames = [Frame(True, key, False, False)]
    frame = frames[0]
    names: list[str] | None = [] if inner.tracks else None
    name = ""
    string, number, key_of = inner.string, inner.number, inner.key
    for token in TOKEN.finditer(text):
        kind = token.lastindex
        if kind == 1 or kind == 2:
            raw = token[1]
            plain = loads_string(raw)
            if kind == 2:  # the name of a member
                name = plain
                frame.own = own_key(plain, frame, key_of)
                frame.oauth = frame.oauth or plain in OAUTH
                if plain == "code" and frame.oauth:
                    frame.own = GRANT
                new = string(plain, None, depth)
            else:
                if frame.pair and frame.index:
                    frame.own = (key_of(frame.named or "") if frame.index == 1 else None) or frame.inherited
                new = value(plain, frame, string, depth, name, inner if names is not None else None)
                if frame.pair:
                    frame.named = frame.named if frame.named is not None else plain
                elif not frame.is_list and (said := naming(name.lower(), plain)) and not has_key(frame, key_of):
                    frame.named = said
                    if frame.held and (late := key_of(said)) is not None:
                        for one, old in frame.held:
                            if one.lastindex == 3:
                                made[one.start()] = (one.end(), number(old, late))
                            else:
                                made[one.start(1)] = (one.end(1), dump(string(old, late, depth), one[1].isascii()))
                        frame.held.clear()  # each is looked at once more, however many names follow
                elif frame.collects or (not frame.is_list and frame.own is None and is_value(name)):
                    frame.held.append((token, plain))
                frame.index += 1
                if frame.last is not None:
                    frame.last = plain
            if new is not plain and new != plain:
                made.setdefault(token.start(1), (token.end(1), dump(new, raw.isascii())))
        elif kind == 3:
            raw = token[3]
            if names is not None:
                inner.enter("" if frame.is_list else name)
            new = number(raw, frame.own)
            if frame.collects or (not frame.is_list and frame.own is None and is_value(name)):
                frame.held.append((token, raw))
            if names is not None:
                inner.leave()
            frame.index += 1
            if new is not raw and new != raw:
                made[token.start()] = (token.end(), new)
        elif kind == 4:
            is_list = token[4] == "["
            if len(frames) > DEEPEST:
                raise Unreadable(f"nested deeper than {DEEPEST} levels")
            if names is not None:
                inner.enter("" if frame.is_list else name)
            message = frame.message or (not frame.is_list and is_message(name))
            frame.index += 1
            is_place = is_list and not frame.is_list and name.lower() in PLACES
            outer = frame
            frame = Frame(is_list, frame.own, message, is_list and frame.is_list and len(frames) > 1)
            if bound and name == "variables" and not outer.is_list:
                frame.bound = bound
            elif variables and len(frames) == 1:
                frame.bound = variables
            if outer.collects or (not outer.is_list and outer.own is None and is_value(name)):
                frame.held, frame.collects = outer.held, True
            frames.append(frame)
            if is_place:
                frame.last = ""
        else:
            place = frames.pop().last
            frame = frames[-1]
            if place:
                frame.named = place
            if names is not None:
                inner.leave()
    if not made:
        return text
    parts, position = [], 0
    for start in sorted(made):
        end, new = made[start]
        parts += [text[position:start], new]
        position = end
    return "".join([*parts, text[position:]])


def alike(text: str, inner: Inner) -> list[str] | None:
    """A text where nothing around a string says more of it than the string does: what stands outside of its strings and
    in them, in turns; None for any other. Most bodies are such, and need not be walked."""
    if inner.tracks or inner.numbers or ('"variables"' in text and "$" in text):
        return None
    pieces = STRING.split(text)
    outside = '"'.join(pieces[::2])
    if TELLING.search(outside) or outside.count("[") + outside.count("{") > DEEPEST:
        return None
    for raw in {raw for raw, after in zip(pieces[1::2], pieces[2::2], strict=True) if after.lstrip()[:1] == ":"}:
        name = loads_string(raw)
        if inner.key(name) is not None or name in OAUTH or is_value(name):
            return None
    return pieces


def rewrite_alike(text: str, pieces: list[str], inner: Inner, depth: int) -> str:
    """The text of these pieces, each of its strings looked at once."""
    made = {}
    for raw in dict.fromkeys(pieces[1::2]):
        plain = loads_string(raw)
        new = inner.string(plain, None, depth)
        if new is not plain and new != plain:
            made[raw] = dump(new, raw.isascii())
    if not made:
        return text
    pieces[1::2] = [made.get(raw, raw) for raw in pieces[1::2]]
    return '"'.join(pieces)


def naming(name: str, value: str) -> str | None:
    """What a member says that names the value beside it: ``name``, or the ``path`` of a patch or a validator."""
    if name == "path" and not value.endswith("/"):
        return value.rpartition("/")[2]
    return value if name in NAMES else None


def has_key(frame: Frame, key_of: Callable[[str], Key | None]) -> bool:
    """Whether another member has named a secret already."""
    return frame.named is not None and key_of(frame.named) is not None


def is_value(name: str) -> bool:
    return name.replace("_", "").lower() in VALUES


def own_key(name: str, frame: Frame, key_of: Callable[[str], Key | None]) -> Key | None:
    """What the name of a member says of its value."""
    found = key_of(name) or frame.bound.get(name)
    if found is not None:
        return found
    if frame.named is not None and is_value(name):
        return key_of(frame.named)
    return below(frame.inherited, name)


def value(plain: str, frame: Frame, string: Callable[..., str], depth: int, name: str, tracker: Inner | None) -> str:
    key = frame.own
    if key is not None and frame.message and is_said(plain):
        key = None
    if tracker is None:
        return string(plain, key, depth)
    tracker.enter("" if frame.is_list else name)
    try:
        return string(plain, key, depth)
    finally:
        tracker.leave()
