"""Detectors: what in a text is secret by its own form, wherever it stands.

``Detectors.find(text)`` returns spans that do not overlap. Each detector is a generator over the text that costs time
linear in its length whatever the text is; a cheap test first passes over the texts in which nothing can be found.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Iterator

from mirror.formats import is_jwt
from mirror.redact.credentials import authorizations
from mirror.redact.own import Detector, Span, span_of
from mirror.redact.placeholders import ACCOUNT_LENGTHS, IN_TEXT, are_made, mod97, only_digits
from mirror.redact.vendor import Pattern, patterns

# Without one of these there is nothing to find: an @, a plus before a digit, ten digits with no more than blanks and
# hyphens between them, a run as long as the shortest key, an IBAN's beginning.
PERHAPS = re.compile(
    r"@|(?:earer|EARER|[Bb]asic|oken) |(?:uthorization|UTHORIZATION)[\"'\\ ]{0,4}[:=]"
    r"|-----BEGIN |\+\d|\d(?:[ -]?\d){9}|[A-Za-z0-9_./+=$:-]{16}|[A-Za-z]{2}\d\d "
)

DOMAIN = re.compile(r"@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}([^\W\d_][\w-]{0,61}[^\W_])")
LOCAL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}\Z")
ENDS_AUTHORITY = re.compile(r"[\s/?#\"'<>]")
# Where the URL is the value of another's query.
SLASHES = re.compile(r":%(?:25)*2F%(?:25)*2F", re.IGNORECASE)
# A password may have in it what should end an authority: programs take the host to begin behind the @.
USERINFO = re.compile(r"://[^\s/?#\"'<>@:]{0,64}:(?!\d{1,5}[/?#])([^\s/\"'<>]{1,256})@(?=[\w\[])")
MAILBOX = "@redacted.example.com"
PLACED = re.compile(r"user-[0-9a-f]{12}\Z")
# An address may stand in the name of a file: alice@shop.example.png. What else ends so is none: icon@2x.min.js.
FILES = frozenset("png jpg jpeg gif svg webp js mjs css ts tsx json html xml yml yaml txt md py map woff ico".split())
TOPS = frozenset(
    """com org net edu gov mil int info biz name pro dev app shop store cloud online email test example invalid
    localhost""".split()
)
# In groups, as on the card; other numbers may stand before it and behind. Looked at from each digit, so as not to begin
# with a year and miss what follows.
SPACED = re.compile(r"\d{4}[ -]\d{4}")
GROUPED = tuple(
    re.compile(rf"(?<![\w.+-])(?=(\d{{4}}([ -])(?:{rest})(?!-?\w)))")
    for rest in (r"\d{4}\2\d{4}\2\d{4}\2\d{3}", r"\d{4}\2\d{4}\2\d{4}", r"\d{6}\2\d{5}", r"\d{6}\2\d{4}")
)
LONG_NUMBER = re.compile(r"\d(?<![\w.]\d)\d{12,18}(?![\w]|\.\d)")
IBAN = re.compile(r"([A-Za-z](?<![A-Za-z0-9][A-Za-z])[A-Za-z])\d\d(?:[ -]?[A-Za-z0-9]{1,4}){3,9}")
# What comes first is a character that is looked for quickly, not what may not stand before it.
PHONE = re.compile(r"\+(?<![\w+.-]\+)[1-9](?:(?:[ .\-/]| ?\(|\) ?)?\d){7,14}(?![\w]|[ .-]?\d)")
RUN = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{8,}+(?:\.[A-Za-z0-9_-]{2,}+){1,4}")
# What itsdangerous makes: a payload, seconds since the epoch perhaps, and a hash.
ITSDANGEROUS = re.compile(
    r"(?<![A-Za-z0-9_.-])(?P<payload>\.?[A-Za-z0-9_-]{2,}+)(?:\.(?P<time>[A-Za-z0-9_-]{6}))?"
    r"\.(?P<hash>[A-Za-z0-9_-]{86}|[A-Za-z0-9_-]{64}|[A-Za-z0-9_-]{43}|[A-Za-z0-9_-]{27})(?![A-Za-z0-9_-]|\.\w)"
)
PEM = re.compile(r"-----BEGIN ((?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?)-----")


def emails(text: str) -> Iterator[Span]:
    for found in DOMAIN.finditer(text):
        domain = host_of(found[0])
        if not domain:
            continue
        local = LOCAL.search(text[max(0, found.start() - 64) : found.start()])
        if not local:
            continue
        name = local[0]
        if domain == MAILBOX and PLACED.search(name):
            name = name[-len("user-0123456789ab") :]
        # What only joins the address to the text around it is not part of it.
        for joint in ("=", "/", "'", "`", "|", "&", "?", "{"):
            name = name.rpartition(joint)[2]
        name = name.lstrip(".!#$%*^~}")
        if name and name.lower() != "git" and not is_userinfo(text[max(0, found.start() - 300) : found.start()]):
            yield Span(found.start() - len(name), found.start() + len(domain), "email")


def is_userinfo(before: str) -> bool:
    """Whether what stands before an @ is a user and a password, not an address."""
    last = ENDS_AUTHORITY.split(before)[-1]
    return before[: len(before) - len(last)].endswith("://") or bool(SLASHES.search(last))


def host_of(domain: str) -> str:
    """The domain of an address, without a file's ending behind it; empty where that is all there is."""
    before, _, top = domain.rpartition(".")
    while top.lower() in FILES:
        domain = before
        before, _, top = domain.rpartition(".")
        if top.lower() not in FILES | TOPS and not (len(top) == 2 and top.isalpha()):
            return ""
    return domain if before else ""


def is_card(digits: str) -> bool:
    """Whether digits are the number of a payment card: an issuer's prefix, its length, and valid by Luhn."""
    size = len(digits)
    if size == 16:
        two, four = int(digits[:2]), int(digits[:4])
        issued = (
            digits[0] == "4"
            or 51 <= two <= 55
            or 2221 <= four <= 2720
            or four == 6011
            or two in (62, 65)
            or 644 <= int(digits[:3]) <= 649
            or 3528 <= four <= 3589
        )
    elif size == 15:
        issued = digits[:2] in ("34", "37")
    elif size == 14:
        issued = digits[:2] in ("36", "38") or digits[:3] in ("300", "301", "302", "303", "304", "305")
    elif size == 19:
        issued = digits[:2] == "62"
    else:
        issued = False
    return issued and is_luhn(digits)


def is_card_or_placed(digits: str) -> bool:
    """Whether digits are a card's, or the placeholder of a card's."""
    return is_card(digits) or is_placed(digits)


def is_placed(digits: str) -> bool:
    """Whether digits are the placeholder of a card's."""
    return digits[1:4] == "999" and len(digits) >= 13 and are_made(digits)


# Of the literals without which a vendor's pattern finds nothing.
COMMON = frozenset({".", ":", "$"})

DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def is_luhn(digits: str) -> bool:
    numbers = [int(digit) for digit in digits]
    return (sum(numbers[-1::-2]) + sum(DOUBLED[number] for number in numbers[-2::-2])) % 10 == 0


def cards(text: str) -> Iterator[Span]:
    """Numbers of cards and their placeholders. Groups of digits half in a placeholder are valid by chance alone."""
    numbers = [found.span() for found in LONG_NUMBER.finditer(text)]
    if SPACED.search(text):
        numbers += [found.span(1) for layout in GROUPED for found in layout.finditer(text)]
    placed: set[int] = set()
    issued = []
    for start, end in numbers:
        digits = only_digits(text[start:end])
        if is_placed(digits):
            placed.update(range(start, end))
            yield Span(start, end, "card")
        elif is_card(digits):
            issued.append((start, end))
    for start, end in issued:
        if placed.isdisjoint(range(start, end)):
            yield Span(start, end, "card")


def url_passwords(text: str) -> Iterator[Span]:
    for found in USERINFO.finditer(text):
        if found[1].strip("x*"):  # what stands in the place of one in binary data
            yield Span(*found.span(1), "password")


def ibans(text: str) -> Iterator[Span]:
    for found in IBAN.finditer(text):
        size = ACCOUNT_LENGTHS.get(found[1].upper())
        if not size:
            continue
        count, end = 0, found.start()
        while count < size and end < found.end():
            count += text[end].isalnum()
            end += 1
        candidate = "".join(c for c in text[found.start() : end] if c.isalnum())
        if found[1] != found[1].upper() and not (candidate[8:].isdigit() and size >= 18):
            continue  # in small letters it is most often a hash
        if count == size and not text[end : end + 1].isalnum() and mod97(candidate[4:] + candidate[:4]) == 1:
            yield Span(found.start(), end, "iban")


def phones(text: str) -> Iterator[Span]:
    for found in PHONE.finditer(text):
        if 8 <= len(only_digits(found[0])) <= 15:
            yield Span(*found.span(), "phone")


def signed(text: str) -> Iterator[Span]:
    """JWTs, and what itsdangerous signs: base64url parts joined by dots, of which the first is a JSON object."""
    for found in RUN.finditer(text):
        start = found[0].find("eyJ")
        if start < 0 or found[0].find(".") < start:
            continue
        whole = found[0][start:]
        begin = found.start() + start
        three = ".".join(whole.split(".")[:3])
        if whole.count(".") == 2 and is_jwt(three):
            yield Span(begin, found.end(), "jwt")
        elif whole.count(".") >= 2 or len(whole) >= 40:
            yield Span(begin, found.end(), "token")


def dangerous(text: str) -> Iterator[Span]:
    """What itsdangerous signs that is no JSON object."""
    for found in ITSDANGEROUS.finditer(text):
        mixed = any(c.isupper() for c in found["hash"]) and any(c.islower() for c in found["hash"])
        if mixed and (is_recent(found["time"]) if found["time"] else is_packed(found["payload"])):
            yield Span(*found.span(), "token")


def is_recent(text: str) -> bool:
    """Whether base64url says a time between 2010 and 2040, in seconds since the epoch."""
    return 1_262_304_000 <= int.from_bytes(urlsafe_b64decode(f"{text}==")) <= 2_208_988_800


def is_packed(text: str) -> bool:
    """Whether base64url says JSON, or (behind a dot) what zlib has packed."""
    bare = text.removeprefix(".")
    try:
        raw = urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
        if bare != text:
            return raw[:1] == b"x"
        json.loads(raw)
    except (ValueError, RecursionError):
        return False
    return True


def private_keys(text: str) -> Iterator[Span]:
    position = 0
    while found := PEM.search(text, position):
        ending = f"-----END {found[1]}-----"
        end = text.find(ending, found.end())
        position = len(text) if end < 0 else end + len(ending)
        yield Span(found.start(), position, "private-key")


def placed(text: str) -> Iterator[Span]:
    """Placeholders: whole, so that nothing takes one apart."""
    for found in IN_TEXT.finditer(text):
        yield Span(*found.span(), "placeholder")


class Detectors:
    """All detectors: mirror's, then ``patterns`` and ``detectors`` of the user."""

    def __init__(self, expressions: Iterable[re.Pattern[str]] = (), functions: Iterable[Detector] = ()) -> None:
        self._vendors: tuple[Pattern, ...] = patterns()
        # One look for all that is in few texts. What is in many (a full stop) is looked for by itself.
        literals = {literal for pattern in self._vendors for literal in pattern.literals}
        self._rare = re.compile("|".join(sorted(map(re.escape, literals - COMMON)))).search
        self._common = tuple([pattern for pattern in self._vendors if not COMMON.isdisjoint(pattern.literals)])
        self._expressions = tuple(expressions)
        self._functions = tuple(functions)
        self.own = bool(self._expressions or self._functions)
        """Whether some are the user's, who may look for anything."""

    def find(self, text: str) -> list[Span]:
        """Secrets in a text: spans in order, the first and longest where some overlap."""
        if not self.own and not PERHAPS.search(text):
            return []
        return settle(self._find(text))

    def _find(self, text: str) -> Iterator[Span]:
        if "redacted" in text or "facade00" in text or "FACADE00" in text:
            yield from placed(text)
        if "-----BEGIN" in text:
            yield from private_keys(text)
        if "eyJ" in text:
            yield from signed(text)
        if "." in text and len(text) > 30:
            yield from dangerous(text)
        for pattern in self._vendors if self._rare(text) else self._common:
            for literal in pattern.literals:
                if literal in text:
                    for found in pattern.expression.finditer(text):
                        if not is_glued(found):
                            yield trimmed(found, pattern.kind)
                    break
        if "@" in text:
            yield from url_passwords(text)
            yield from emails(text)
        if len(text) >= 8:
            low = text.lower()
            if "bearer" in low or "basic" in low or "token" in low or "authorization" in low:
                yield from authorizations(text)
            if not text.isascii() or any(map(text.__contains__, "0123456789")):
                yield from ibans(text)
                yield from cards(text)
                if "+" in text:
                    yield from phones(text)
        for expression in self._expressions:
            for match in expression.finditer(text):
                if match.end() > match.start():
                    yield Span(*match.span(), "pattern")
        for function in self._functions:
            for one in function(text):
                yield span_of(one, text)


def is_glued(found: re.Match[str]) -> bool:
    """Whether a match begins in the middle of a word: by chance, in a hash. Behind an escape (``\\n``) it does not."""
    start, text = found.start(), found.string
    if start == 0 or not found[0][0].isalnum() or not (text[start - 1].isascii() and text[start - 1].isalnum()):
        return False
    return not (start > 1 and text[start - 2] == "\\" and text[start - 1] in "nrt")


def trimmed(found: re.Match[str], kind: str) -> Span:
    """Where a match is the secret itself: some patterns take a separator on either side with it."""
    start, end = found.span()
    text = found.string
    while start < end and text[start] in '"=: \t\r\n':
        start += 1
    while end > start and text[end - 1] in '" \t\r\n':
        end -= 1
    while end < len(text) and text[end - 1].isalnum() and (text[end].isalnum() or text[end] == "_"):
        end += 1  # a longer token than the pattern knows
    return Span(start, end, kind)


def settle(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, without those that overlap one found before; where one holds others, it alone."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
        elif span.end > kept[-1].end:
            kept[-1] = Span(kept[-1].start, span.end, kept[-1].kind)
    return kept
