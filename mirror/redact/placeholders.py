"""Placeholders: what stands where a secret stood.

A placeholder has the format of the value it replaces, so that a learned schema is the same with and without redaction;
equal values get equal ones, so that what belongs together can still be followed; and anybody can tell one by its form,
so that redacting twice changes nothing and a scan finds nothing. The free part is a keyed hash (BLAKE2b): whoever does
not know the run's key cannot try out values, however few there are.

    e-mail       user-0123456789ab@redacted.example.com     a reserved name (RFC 2606)
    UUID         facade00-xxxx-4xxx-8xxx-xxxxxxxxxxxx        version and variant as they were
    hex          facade00...                                 as long, 16 digits or more
    digits       999... with two check digits; 9999... and valid by Luhn from 13 digits on; as many digits, in the same
                 layout; fewer than 10 digits are all nines (a PIN has too few values for anything else)
    IBAN         country and length as they were, 999..., valid check digits
    date         1900-01-01; with a time, 1900-01-01T00:00:00 in the same zone
    URI          https://redacted.example.com/0123456789ab
    IP address   192.0.2.1, 2001:db8::1 (RFC 5737, RFC 3849)
    JWT          see ``mirror.redact.jwt``
    base64       base64 of the last kind
    all else     redacted-0123456789ab

It depends on the value alone, not on the name it was found under: a token that is answered as ``access_token`` and sent
as ``Authorization`` stays one. In a *blank* placeholder the free part is zeros: the same for every value of a format.
"""

from __future__ import annotations

import os
import re
from base64 import b64decode, b64encode
from hashlib import blake2b

from mirror.formats import Format, format_of, is_opaque

PLAIN = re.compile(r"redacted-[0-9a-f]{12}")
IN_TEXT = re.compile(
    r"redacted-[0-9a-f]{12}|https://redacted\.example\.com/[0-9a-f]{12}"
    r"|(?<![0-9A-Za-z])(?:facade00(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|facade00[0-9a-f]{8,128}|FACADE00[0-9A-F]{8,128})(?![0-9A-Za-z])"
)
MAIL = re.compile(r"user-[0-9a-f]{12}@redacted\.example\.com")
HEX = re.compile(r"(?:facade00[0-9a-f]{8,}|FACADE00[0-9A-F]{8,})")
UUID = re.compile(r"facade00-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
LINK = re.compile(r"https://redacted\.example\.com/[0-9a-f]{12}")
FIXED = re.compile(r"1900-01-01(?:[Tt ]00:00:00.*)?|00:00:00(?:Z|[+-]\d\d:\d\d)?|192\.0\.2\.1|2001:db8::1")
LAYOUT = re.compile(r"[+(]{0,2}[0-9](?:[0-9 ().\-/]*[0-9])?", re.ASCII)
FLOAT = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", re.ASCII)
SIGNED = "cmVkYWN0ZWQt"  # base64 of "redacted-": how the signature of a JWT placeholder begins

# Characters of an account's number (ISO 13616), by country.
ACCOUNT_LENGTHS = {
    country: int(size)
    for country, size in re.findall(
        r"([A-Z]{2})(\d\d)",
        "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27"
        "GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22"
        "MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28"
        "TL23TN24TR26UA29VA22VG24XK20YE30",
    )
}

KNOWN = 4096
KNOWN_SIZE = 2 * 1024 * 1024
"""Values that are remembered, to be found elsewhere: the newest that many, and so many characters of them."""
LONGEST = 16 * 1024
"""Longer than any key or token. What is longer is a body that was replaced whole, and stands nowhere else."""


class Placeholders:
    """Makes the placeholders of one run. ``key`` is the run's; ``blank`` makes the free parts zeros."""

    def __init__(self, key: bytes | None = None, blank: bool = False) -> None:
        self._key = blake2b(key or os.urandom(32), digest_size=32).digest()
        self._taken: dict[str, str] = {}
        self.blank = blank
        self.known: dict[str, None] = {}
        self._size = 0
        self.remembered = 0  # values in all, those that were forgotten since among them

    def make(self, value: str) -> str:
        """The placeholder of a value; a placeholder's is itself, or the blank one."""
        placed = is_placeholder(value)
        if placed and not self.blank:
            return value
        if not placed:
            self.remember(value)
        return self._make(value, format_of(value))

    def remember(self, value: str) -> None:
        """Note a value so that it can be found wherever else it stands; one of several lines also line by line, as it
        stands in a diff."""
        if not 6 <= len(value) <= LONGEST or value in self.known:
            return
        if "\n" in value:
            for line in map(str.strip, value.split("\n")):
                if is_opaque(line):
                    self.remember(line)
        self._size += len(value)
        if self._size > KNOWN_SIZE:  # counted anew: of what threads add at once, some is lost
            self._size = sum(map(len, list(self.known))) + len(value)
        while len(self.known) >= KNOWN or (self._size > KNOWN_SIZE and self.known):
            try:
                oldest = next(iter(self.known))
                del self.known[oldest]
                self._size -= len(oldest)
            except (KeyError, StopIteration, RuntimeError):  # another thread was there
                break
        self.known[value] = None
        self.remembered += 1

    def free(self, value: str, size: int) -> str:
        """That many hexadecimal digits that stand for a value in this run."""
        if self.blank:
            return "0" * size
        digest = blake2b(value.encode("utf-8", "surrogatepass"), key=self._key, digest_size=32).hexdigest()
        return (digest * (size // 64 + 1))[:size]

    def plain(self, value: str) -> str:
        """The placeholder of what has no format of its own."""
        return f"redacted-{self.free(value, 12)}"

    def _make(self, value: str, form: Format) -> str:
        if form == "email":
            return f"user-{self.free(value, 12)}@redacted.example.com"
        if form == "uuid":
            free = self.free(value.lower(), 32)
            made = f"facade00-{free[:4]}-{value[14]}{free[4:7]}-{value[19]}{free[7:10]}-{free[10:22]}"
            return made.upper() if value.upper() == value else made
        if form == "hex" and is_iban(value) and (value[:2].isupper() or value[4:].isdigit()):
            return self.iban(value)
        if form == "hex" and len(value) >= 16:
            made = "facade00" + self.free(value, len(value) - 8)
            return made.upper() if value.upper() == value else made
        if form == "date":
            return "1900-01-01"
        if form == "date-time":
            tail = re.search(r"(?:[zZ]|[+-]\d\d:\d\d)?$", value)
            return f"1900-01-01{value[10]}00:00:00{tail[0] if tail else ''}"
        if form == "time":
            tail = re.search(r"(?:[zZ]|[+-]\d\d:\d\d)?$", value)
            return f"00:00:00{tail[0] if tail else ''}"
        if form in ("ipv4", "ipv6"):
            return "192.0.2.1" if form == "ipv4" else "2001:db8::1"
        if form == "uri":
            return f"https://redacted.example.com/{self.free(value, 12)}"
        if form == "number" and FLOAT.fullmatch(value) and not LAYOUT.fullmatch(value):
            return re.sub(r"[0-9](?=[^eE]*(?:[eE]|$))", "9", value, flags=re.ASCII)
        if LAYOUT.fullmatch(value):
            return self.digits(value)
        if is_iban(value):
            return self.iban(value)
        return b64encode(self.plain(value).encode()).decode() if form == "base64" else self.plain(value)

    def digits(self, value: str) -> str:
        """Other digits in the same layout."""
        digits = only_digits(value)
        core = core_of(digits)
        zeros = len(digits) - len(core)
        made = self._core(core, 0)
        for salt in range(1, 8):
            if self._taken.setdefault(made, core) == core or self.blank:
                break
            made = self._core(core, salt)
        if len(self._taken) > 50_000:
            self._taken.clear()
        return lay_out("0" * zeros + made, value)

    def _core(self, core: str, salt: int) -> str:
        size = len(core)
        if size < 10:
            return "9" * size
        head = "999" if size < 13 else "8999" if size == 19 else "9999"  # 19 digits still fit 63 bits
        room = size - len(head) - (2 if size < 13 else 3)
        free = str(int(self.free(f"{core}/{salt}" if salt else core, 32), 16))[-room:].rjust(room, "0")
        return finish(head + free, size)

    def iban(self, value: str) -> str:
        """Another account of no bank, in the same layout."""
        letters = [c for c in value if c.isalnum()]
        digits = sum(c.isdigit() for c in letters[4:])
        if digits < 8:
            other = "9" * digits
        else:
            free = str(int(self.free("".join(letters).upper(), 32), 16))[-(digits - 5) :].rjust(digits - 5, "0")
            other = "999" + free
            other += two(other)
        source = iter(other)
        rest = "".join(next(source) if c.isdigit() else "X" if c.isupper() else "x" for c in letters[4:])
        country = "".join(letters[:2])
        check = 98 - mod97(f"{rest}{country}00")
        made = iter(f"{country}{check:02d}{rest}")
        return "".join(next(made) if c.isalnum() else c for c in value)


def is_placeholder(text: str) -> bool:
    """Whether a string is a placeholder, of any run."""
    if len(text) > 4096:
        return SIGNED in text and is_signed(text)
    return bool(
        PLAIN.fullmatch(text)
        or MAIL.fullmatch(text)
        or HEX.fullmatch(text)
        or UUID.fullmatch(text)
        or LINK.fullmatch(text)
        or FIXED.fullmatch(text)
        or (LAYOUT.fullmatch(text) and are_made(only_digits(text)))
        or (FLOAT.fullmatch(text) and set(re.split("[eE]", text)[0]) <= set("9.+-"))
        or is_made_iban(text)
        or is_signed(text)
        or is_encoded(text)
    )


def holds_placeholder(text: str) -> bool:
    """Whether one stands in a longer text: with it, what was no string of disorder may look like one."""
    return any(mark in text for mark in ("redacted-", "redacted.", "facade00", SIGNED)) and not is_placeholder(text)


def is_signed(text: str) -> bool:
    """Whether it is the placeholder of a JWT."""
    return bool(re.fullmatch(rf"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.{SIGNED}[0-9a-f]{{12}}", text))


def is_encoded(text: str) -> bool:
    if len(text) % 4 or not text.startswith(SIGNED) or len(text) > 200:
        return False
    try:
        return bool(PLAIN.fullmatch(b64decode(text, validate=True).decode("ascii", "replace")))
    except ValueError:
        return False


def core_of(digits: str) -> str:
    """Digits without the zeros that dial: one or two before a long number. (A PIN's zeros are the PIN.)"""
    if len(digits) < 10 or digits[0] != "0":
        return digits
    return digits[2:] if digits[1] == "0" else digits[1:]


def are_made(digits: str) -> bool:
    """Whether these digits are a placeholder's."""
    core = core_of(digits)
    if len(core) < 10:
        return set(core) == {"9"}
    head = "999" if len(core) < 13 else "8999" if len(core) == 19 else "9999"
    return core.startswith(head) and finish(core[: -2 if len(core) < 13 else -3], len(core)) == core


def is_made_iban(text: str) -> bool:
    if not 15 <= len(text) <= 50 or not text[:2].isalpha():
        return False
    letters = "".join(c for c in text if c not in " -")
    rest = letters[4:]
    digits = only_digits(rest)
    if not letters.isalnum() or not letters.isascii() or set(rest) - set("0123456789Xx"):
        return False
    made = set(digits) == {"9"} if len(digits) < 8 else digits[:3] == "999" and two(digits[:-2]) == digits[-2:]
    return made and mod97(rest + letters[:4]) == 1


def only_digits(text: str) -> str:
    return "".join(c for c in text if c in "0123456789")


def lay_out(digits: str, layout: str) -> str:
    source = iter(digits)
    return "".join(next(source) if c in "0123456789" else c for c in layout)


def finish(start: str, size: int) -> str:
    """The start of a placeholder of digits, with its check digits."""
    start += two(start)
    return start if len(start) == size else start + luhn(start)


def two(digits: str) -> str:
    """Two check digits."""
    return f"{int.from_bytes(blake2b(digits.encode(), digest_size=4, person=b'mirror').digest(), 'big') % 100:02d}"


def luhn(digits: str) -> str:
    """The digit that makes a number valid (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (2 if place % 2 == 0 else 1)
        total += number - 9 if number > 9 else number
    return str(-total % 10)


def is_iban(text: str) -> bool:
    """Whether it is a valid account number, blanks or not (ISO 13616)."""
    if not 15 <= len(text) <= 50 or not text[:2].isalpha() or not text[2:4].isdigit() or not text.isascii():
        return False
    letters = text.replace(" ", "").replace("-", "")
    return letters.isalnum() and mod97(letters[4:] + letters[:4]) == 1


def mod97(text: str) -> int:
    """The remainder of ISO 7064 MOD 97-10, letters counting from 10."""
    return int("".join(str(int(c, 36)) for c in text)) % 97
