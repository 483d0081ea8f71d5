"""XML and HTML, walked by tokens: nothing is built, no entity is ever expanded.

Element text and attribute values are unescaped (the five predefined entities and character references), redacted and
escaped again where that changed them. An element's local name says what its text is; ``<param name="password">`` and
``<input name="csrf_token" value="...">`` say it of the text and of ``value`` or ``content``. A document that declares
entities is unreadable on purpose: what they would expand to is not looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from xml.sax.saxutils import escape

from mirror.redact.inner import Inner, Unreadable, below
from mirror.redact.keys import Key, is_neutral

# What is not ended goes on to the end of the text: so every piece is read once, however many begin.
PIECE = re.compile(
    r"<!--(?P<comment>.*?)(?P<after>-->|\Z)|<!\[CDATA\[(?P<cdata>.*?)(?P<close>\]\]>|\Z)|<\?(?P<pi>.*?)(?P<over>\?>|\Z)"
    r"|<!(?P<declared>[^>]*+)(?P<shut>>|\Z)|</(?P<end>[^\s>/]++)(?P<after_end>[^>]*+)(?P<ended>>|\Z)"
    r"|<(?P<start>[A-Za-z_][^\s>/]*+)(?P<rest>(?:[^>\"']|\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))*+)(?P<stop>>|\Z)",
    re.DOTALL,
)
# A name begins where a word does: from within one it would be tried, and fail, at each of its characters.
ATTRIBUTE = re.compile(r"(?<![^\s=\"'/>])([^\s=\"'/>]++)(\s*+=\s*+)(\"[^\"]*+\"|'[^']*+'|[^\s\"'>]++)")
REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));")
NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
# XML 1.0 section 2.3, as far as it can be told from what else stands between < and >: an e-mail address, a URL.
NAME = re.compile(r"[^\W\d][\w.-]*+(?::[\w.-]++)?+")
TAG = re.compile(rf"<(?:[!?]|/?{NAME.pattern}[\s/>])")
LEAST_SECRET = 16
"""Characters without a blank, an @ and the like that are secret by their form."""
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


def rewrite_xml(text: str, inner: Inner, depth: int = 0) -> str:
    """An XML document. Raises Unreadable where it is none, or declares entities."""
    from xml.parsers import expat

    if "<!ENTITY" in text:
        raise Unreadable("it declares entities")
    try:
        # The text is what counts, not what the declaration says of its encoding.
        expat.ParserCreate("utf-8").Parse(text.encode("utf-8"), True)
    except (expat.ExpatError, UnicodeError) as error:
        raise Unreadable(str(error)) from None
    return rewrite_markup(text, inner, depth)


def rewrite_markup(text: str, inner: Inner, depth: int = 0) -> str:
    """Markup of any kind, well-formed or not; the very same object where nothing is secret."""
    parts: list[str] = []
    position = 0
    names: list[str] = []
    keys: list[Key | None] = [None]
    above: list[Key | None] = [None]  # what the names of elements say of all that stands in them
    said: Key | None = None  # <key>password</key><string>...</string>

    for piece in PIECE.finditer(text):
        if piece.start() > position:
            old = text[position : piece.start()]
            parts.append(content(old, keys[-1], inner, depth, names))
            if names and names[-1].lower() in ("key", "name"):
                said = inner.key(unescape(old.strip()))
        new = piece[0]
        if piece["cdata"] is not None:
            with within(inner, names):
                changed = inner.string(piece["cdata"], keys[-1], depth + 1)
            if changed != piece["cdata"]:
                new = f"<![CDATA[{changed}{piece['close']}"
        elif piece["end"] is not None:
            if piece["after_end"] or is_no_tag(piece["end"], inner, depth):
                new = f"</{inner.string(piece['end'] + piece['after_end'], None, depth + 1)}{piece['ended']}"
            local = local_name(piece["end"])
            if local in names:
                while names and names.pop() != local:
                    keys.pop()
                    above.pop()
                keys.pop()
                above.pop()
            if local.lower() not in ("key", "name"):
                said = None
        elif piece["start"] is not None and is_no_tag(piece["start"], inner, depth):
            new = f"<{inner.string(piece['start'] + piece['rest'], None, depth + 1)}{piece['stop']}"
        elif piece["start"] is not None:
            local = local_name(piece["start"])
            rest, key = attributes(piece["rest"], inner, depth)
            if rest is not piece["rest"]:
                new = f"<{piece['start']}{rest}{piece['stop']}"
            if bare := ATTRIBUTE.sub("", piece["rest"]).strip("/ \t\r\n"):  # attributes without a value, or text
                bare = f"{piece['start']} {bare}"
                if inner.string(bare, None, depth + 1) != bare:
                    new = f"<{inner.string(piece['start'] + rest, None, depth + 1)}{piece['stop']}"
            if not piece["rest"].endswith("/") and local.lower() not in VOID and len(names) < 1000:
                names.append(local)
                above.append(inner.key(local) or (said if is_neutral(local) else None) or below(above[-1], local))
                keys.append(above[-1] or key)
                said = None
        elif piece["comment"] is not None:
            new = f"<!--{inner.string(piece['comment'], None, depth + 1)}{piece['after']}"
        elif piece["declared"] is not None:
            new = f"<!{inner.string(piece['declared'], None, depth + 1)}{piece['shut']}"
        elif piece["pi"] is not None and not piece["pi"].startswith("xml "):
            new = f"<?{inner.string(piece['pi'], None, depth + 1)}{piece['over']}"
        parts.append(new)
        position = piece.end()
    parts.append(content(text[position:], keys[-1], inner, depth, names))
    made = "".join(parts)
    return text if made == text else made


def is_no_tag(name: str, inner: Inner, depth: int) -> bool:
    """Whether what stands where a tag has its name is none, or secret: a token in angles."""
    return not NAME.fullmatch(name) or (len(name) >= LEAST_SECRET and inner.string(name, None, depth + 1) != name)


@contextmanager
def within(inner: Inner, names: list[str]) -> Iterator[None]:
    """The next value stands in these elements."""
    for name in names if inner.tracks else ():
        inner.enter(name)
    try:
        yield
    finally:
        for _ in names if inner.tracks else ():
            inner.leave()


def content(old: str, key: Key | None, inner: Inner, depth: int, names: list[str]) -> str:
    if not old.strip():
        return old
    stripped = old.strip()
    plain = unescape(stripped)
    with within(inner, names):
        new = inner.string(plain, key, depth + 1)
    # What was not escaped is no markup all the same (1 < 2): it stays as it stands.
    return old if new == plain else old.replace(stripped, new if plain == stripped else escape(new), 1)


def attributes(rest: str, inner: Inner, depth: int) -> tuple[str, Key | None]:
    """The attributes of a start tag, and what one called ``name`` says of the element."""
    if "=" not in rest:
        return rest, None
    found = [(match, match[3][1:-1] if match[3][0] in "\"'" else match[3]) for match in ATTRIBUTE.finditer(rest)]
    said = next((value for match, value in found if match[1].lower() in ("name", "key", "property", "id")), None)
    named = inner.key(unescape(said)) if said else None
    if named is None and any(match[1].lower() == "type" and value.lower() == "password" for match, value in found):
        named = inner.key("password")
    parts, position = [], 0
    for match, value in found:
        own = inner.key(local_name(match[1]))
        if own is None and match[1].lower() in ("value", "content", "data-value"):
            own = named
        plain = unescape(value)
        new = inner.string(plain, own, depth + 1)
        if new != plain:
            quote = match[3][0] if match[3][0] in "\"'" else '"'
            shown = escape(new, {'"': "&quot;", "'": "&apos;"})
            parts += [rest[position : match.start(3)], f"{quote}{shown}{quote}"]
            position = match.end()
    if not parts:
        return rest, named
    return "".join([*parts, rest[position:]]), named


def local_name(name: str) -> str:
    return name.rpartition(":")[2]


def unescape(text: str) -> str:
    """Without the predefined entities and character references; all others stay as they are."""
    return REFERENCE.sub(character, text) if "&" in text else text


def character(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name:
        return NAMED[name]
    number = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else found[0]
