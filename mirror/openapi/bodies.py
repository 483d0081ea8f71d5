"""Bodies: from the bytes of a message to what can be learned of them.

    body = read_body(request.headers, request.body)
    add_body(requests.contents, body, test)

Reading never raises. A body that is not what its type says (HTML under application/json, a coding that cannot be
undone, JSON nested deeper than anybody reads) is not ``readable``, and nothing but its number is learned.
"""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

import msgspec

from mirror import media
from mirror.exchange import writable
from mirror.headers import Headers
from mirror.openapi.bounded import entry
from mirror.openapi.evidence import LARGEST_EXAMPLE, MOST_EXAMPLES, Content, Example, Part, fullest
from mirror.openapi.merging import unite
from mirror.openapi.multipart import parts_of
from mirror.openapi.shape import Shape
from mirror.openapi.texts import Texts
from mirror.redact.blanks import blanked

DEEPEST = 64
"""Containers within containers that are read: shapes are walked by recursion, and no one documents more."""
LONGEST_INTEGER = 1000
"""Digits of an integer that are read; only its being one matters."""

Take = Callable[[Shape, list[Any], int], None]
"""How a shape takes in the values of a body, which has so many characters."""

CONTAINERS = (dict, list)
FIRST_ELEMENTS = 3
"""Elements of a list that are looked at for how much an example shows."""
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
EVENT_END = re.compile(r"(?:\r\n|\r|\n){2,}")


class Body(NamedTuple):
    """What a body holds.

    ``media`` is the name of its media type in small letters, without parameters; empty where none was said, but that
    JSON is known without. ``family`` is how it is read (mirror.media.Family). ``values`` are the JSON value, or those
    of the lines or events that are JSON; ``fields`` and ``files`` those of forms (of files: the types that were said);
    ``events`` the names of server-sent events. ``text`` is what an example can show: of a multipart body its fields as
    a form would have them, because boundaries are made at random; None for binary bodies.
    """

    media: str
    family: str
    values: list[Any]
    fields: dict[str, list[str]]
    files: dict[str, list[str]]
    events: list[str]
    readable: bool
    text: str | None


def read_body(headers: Headers, body: bytes) -> Body:
    """What is in a body. Never raises."""
    kind, coding = "", ""
    for name, value in headers.raw:
        if len(name) == 12 and not kind and name.lower() == b"content-type":
            kind = value.decode("latin-1")
        elif len(name) == 16 and name.lower() == b"content-encoding":
            coding = f"{coding},{value.decode('latin-1')}"
    said = media.parse(kind)
    family: str = media.family(said.name)
    if not body:
        return Body(said.name, family, [], {}, {}, [], True, "")
    plain = media.plain(body, coding) if coding else body
    if plain is None:
        return unreadable(said.name, family)
    if family == "json":
        return read_json(said, plain)
    if not said.name:
        return read_unnamed(said, plain)
    if family == "multipart":
        return read_multipart(said, plain)
    if family in ("binary", "packed"):
        return Body(said.name, family, [], {}, {}, [], True, None)
    text = writable(media.text_of(plain, said.charset)[0])
    if family == "form":
        return read_form(said, text)
    values: list[Any] = []
    events: dict[str, None] = {}
    readable = True
    if family == "lines":
        readable = read_lines(text, values)
    elif family == "events":
        read_events(text, values, events)
    elif family in ("xml", "html"):
        readable = family == "html" or text.lstrip("\ufeff \t\r\n").startswith("<")
    return Body(said.name, family, values, {}, {}, list(events), readable, text)


def unreadable(name: str, family: str, text: str | None = None) -> Body:
    return Body(name, family, [], {}, {}, [], False, text)


def read_json(said: media.MediaType, body: bytes) -> Body:
    try:
        value = json_of(body, said.charset)
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = writable(media.text_of(body, said.charset or json.detect_encoding(body))[0])
    except ValueError:
        return unreadable(said.name, "json", writable(media.text_of(body, said.charset)[0]))
    return Body(said.name, "json", [value], {}, {}, [], True, text)


def read_unnamed(said: media.MediaType, body: bytes) -> Body:
    """Of no media type: JSON says itself what it is, and so does text."""
    if body.lstrip(BOM_UTF8 + b" \t\r\n")[:1] in (b"{", b"["):
        found = read_json(media.MediaType("application/json", said.parameters), body)
        if found.readable:
            return found
    text, codec = media.text_of(body, said.charset)
    is_text = codec != "latin-1" and not CONTROLS.search(text)
    return Body("", "text" if is_text else "binary", [], {}, {}, [], True, writable(text) if is_text else None)


def read_form(said: media.MediaType, text: str) -> Body:
    if text.lstrip()[:1] in ("{", "[", "<") and ("=" not in text or is_json(text)):
        return unreadable(said.name, "form", text)
    fields: dict[str, list[str]] = {}
    for name, value in parse_qsl(text.strip("\r\n"), keep_blank_values=True):
        fields.setdefault(blanked(name), []).append(value)  # a name may be a value
    return Body(said.name, "form", [], fields, {}, [], True, text)


def read_multipart(said: media.MediaType, body: bytes) -> Body:
    parts = parts_of(body, said.parameters.get("boundary", ""))
    if parts is None:
        return unreadable(said.name, "multipart")
    fields = {blanked(writable(name)): [writable(text) for text in texts] for name, texts in parts.fields.items()}
    files = {blanked(writable(name)): types for name, types in parts.files.items()}
    return Body(said.name, "multipart", [], fields, files, [], True, urlencode(fields, doseq=True) or None)


def read_lines(text: str, values: list[Any]) -> bool:
    """Take in the lines of NDJSON or of a JSON sequence (RFC 7464). False where one is no JSON; the last of a stream
    may be cut."""
    lines = [line for line in re.split("[\r\n\x1e]+", text) if line.strip()]
    for place, line in enumerate(lines):
        try:
            values.append(json_of(line.encode("utf-8")))
        except ValueError:
            if place < len(lines) - 1 or text.endswith("\n") or not values:
                values.clear()
                return False
    return True


def read_events(text: str, values: list[Any], events: dict[str, None]) -> None:
    """Take in server-sent events (WHATWG HTML, section 9.2), and the names of which there are any."""
    for block in EVENT_END.split(text.removeprefix("\ufeff")):
        data = []
        for line in re.split("\r\n|\r|\n", block):
            name, _, value = line.partition(":")
            if name == "data":
                data.append(value.removeprefix(" "))
            elif name == "event" and value.strip():
                events[blanked(value.removeprefix(" "))] = None
        if data:
            try:
                values.append(json_of("\n".join(data).encode("utf-8")))
            except ValueError:  # [DONE], or a text
                pass


# JSON -----------------------------------------------------------------------------------------------------------------


def json_of(body: bytes, charset: str | None = None) -> Any:
    """The value of a JSON text (RFC 8259), of repeated keys the last one. Also read: NaN and infinities, a byte order
    mark, other charsets, integers of any length. Raises ValueError, of what is nested deeper than DEEPEST as well."""
    try:
        value = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        value = loads(body, charset)
    # Most bodies have fewer brackets than that, nested or not.
    if body.count(b"{") + body.count(b"[") > DEEPEST and is_deeper(value, DEEPEST):
        raise ValueError("the value is nested too deeply")
    return value


def loads(body: bytes, charset: str | None) -> Any:
    try:
        text = body.removeprefix(BOM_UTF8).decode(media.codec_of(charset) or json.detect_encoding(body))
    except UnicodeError:
        text = media.text_of(body, None)[0]
    try:
        return writable(json.loads(text.removeprefix("\ufeff"), parse_int=integer))
    except RecursionError:
        raise ValueError("the value is nested too deeply") from None


def integer(digits: str) -> int:
    return int(digits[:LONGEST_INTEGER])


def is_json(text: str) -> bool:
    try:
        json_of(text.encode("utf-8"))
    except ValueError:
        return False
    return True


def is_deeper(value: Any, depth: int) -> bool:
    """Whether more than ``depth`` containers stand within each other. Goes from level to level, not by recursion."""
    level = [value] if type(value) in CONTAINERS else []
    for _ in range(depth):
        level = [
            child
            for each in level
            for child in (each.values() if type(each) is dict else each)
            if type(child) in CONTAINERS
        ]
        if not level:
            return False
    return bool(level)


# Evidence -------------------------------------------------------------------------------------------------------------


def at_once(shape: Shape, values: list[Any], _size: int) -> None:
    for value in values:
        shape.add(value)


def add_body(contents: dict[str, Content], body: Body, test: str, take: Take = at_once) -> None:
    """Add a body to the evidence of its place. ``test`` is the one that sent or got it, empty where none is known."""
    content = contents.get(body.media)
    if content is None:
        content = contents[body.media] = Content()
    content.count += 1
    if content.family != body.family:
        content.family = max(content.family, body.family)
    if not body.readable:
        content.unreadable += 1
        return
    if body.text == "":
        return
    if body.values:
        take(content.shape, body.values, len(body.text or ""))
    for name, texts in body.fields.items():
        entry(content.fields, name, Texts).add(texts)
    for name, types in body.files.items():
        entry(content.files, name, Part).add(types)
    if body.events:
        unite(content.events, body.events)
    add_example(content.examples, test, body)


def add_example(kept: list[Example], test: str, body: Body) -> None:
    """Keep a body as an example, where it is short and text, and among the first."""
    text = body.text
    if text is None or len(text) > LARGEST_EXAMPLE:
        return
    for each in kept:
        if each.text == text and each.test <= test:
            return
    filled = filled_in(body.values[0] if body.values else body.fields)
    if len(kept) == MOST_EXAMPLES:
        last = kept[-1]
        if filled < last.filled or (filled == last.filled and test > last.test):
            return
    # Placeholders are others in every run: which examples are kept must not depend on that.
    blank = blanked_form(text) if body.family in ("form", "multipart") else blanked(text)
    kept[:] = fullest([*kept, Example(test, blank, filled)])


def filled_in(value: Any) -> int:
    """At how many places a value has something that is neither null nor empty; of a list, in the fullest of its first
    elements. One loop for the members, because each body is asked."""
    if type(value) is dict:
        places = 0
        for each in value.values():
            if type(each) is str:
                places += each != ""
            elif type(each) is dict or type(each) is list:
                places += filled_in(each)
            else:
                places += each is not None
        return places
    if type(value) is list:
        return max(map(filled_in, value[:FIRST_ELEMENTS]), default=0)
    return 0 if value is None or value == "" else 1


def blanked_form(text: str) -> str:
    """A form with blank placeholders, which may be percent-encoded in it; the very same where it has none."""
    fields = parse_qsl(text, keep_blank_values=True)
    blank = [(blanked(name), blanked(value)) for name, value in fields]
    return text if blank == fields else urlencode(blank)
