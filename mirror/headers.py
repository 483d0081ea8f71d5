"""Header fields as a message carries them: in order, with repeats, in the case they were written in.

RFC 9110 section 5: names are compared without regard to case; a field may stand on several lines; values are bytes
(US-ASCII, with obs-text 0x80-0xFF passed through untouched). Bytes are therefore what is kept, and text is a view of
them in ISO-8859-1, which maps every byte to one character and back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec


class Headers(msgspec.Struct, frozen=True, gc=False, repr_omit_defaults=True):
    """An immutable sequence of header fields.

    ``raw`` is a tuple of ``(name, value)`` pairs of bytes, exactly as exchanged. Iteration yields the same pairs as
    text. Lookups ignore the case of the name.
    """

    raw: tuple[tuple[bytes, bytes], ...] = ()

    @classmethod
    def from_text(cls, fields: Iterable[tuple[str, str]]) -> Headers:
        """Fields given as text, as WSGI gives them."""
        pairs = tuple(fields)
        try:
            return cls(tuple([(encode(name), encode(value)) for name, value in pairs]))
        except (TypeError, AttributeError):  # values that are no text: not PEP 3333, but seen
            return cls(tuple([(encode(str(name)), encode(str(value))) for name, value in pairs]))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for name, value in self.raw:
            yield name.decode("latin-1"), value.decode("latin-1")

    def __len__(self) -> int:
        return len(self.raw)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __getitem__(self, name: str) -> str:
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def get(self, name: str, default: str | None = None) -> str | None:
        """The value of the first field of that name."""
        return next(iter(self.get_all(name)), default)

    def get_all(self, name: str) -> list[str]:
        """The values of all fields of that name, in order."""
        wanted = encode(name).lower()
        return [value.decode("latin-1") for key, value in self.raw if key.lower() == wanted]

    def __repr__(self) -> str:
        return f"Headers({list(self)!r})"


def encode(text: str) -> bytes:
    """Text of a header field as bytes: ISO-8859-1, as WSGI prescribes (PEP 3333); UTF-8 where that cannot hold it."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace")
