"""What of a message must fit its body again after redaction: where its chunks end, and the digests in its fields."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from collections.abc import Callable

from mirror import media
from mirror.headers import Headers

Chunks = tuple[bytes, ...]
Rewrite = Callable[[bytes, str, str], tuple[bytes, bool]]
"""A body, its Content-Type and its Content-Encoding -> the new body, and whether its codings are gone."""

DIGESTS = frozenset({b"content-md5", b"digest", b"content-digest", b"repr-digest"})


def rewrite_chunks(chunks: Chunks, content_type: str, encoding: str, rewrite: Rewrite) -> tuple[Chunks, bool]:
    """A body in chunks rewritten, the very same where nothing changes; and whether its codings are gone."""
    if len(chunks) > 1 and not encoding and content_type:
        end = {"lines": b"\n", "events": b"\n\n"}.get(media.parse(content_type).family)
        if end and all(chunk.endswith(end) for chunk in chunks[:-1]):
            pieces = tuple([rewrite(chunk, content_type, "")[0] for chunk in chunks])
            return (chunks if all(map(same, pieces, chunks)) else pieces), False
    body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
    new, bare = rewrite(body, content_type, encoding)
    if new is body or new == body:
        return chunks, False
    return cut(chunks, body, new), bare


def same(one: object, other: object) -> bool:
    return one is other


def reframed(headers: Headers, before: Chunks, after: Chunks, bare: bool) -> Headers:
    """The fields of a message for another body, which has no content coding where it is ``bare``."""
    old, new = sum(map(len, before)), sum(map(len, after))
    fields = []
    for name, value in headers.raw:
        low = name.lower()
        if low == b"content-length" and value.strip() == b"%d" % old:
            value = b"%d" % new
        if not (bare and low == b"content-encoding"):
            fields.append((name, value))
    return digested(Headers(tuple(fields)), before, after)


def digested(headers: Headers, before: Chunks, after: Chunks) -> Headers:
    """A digest of the body is made anew, or left out: with the old one, guesses at the secret could be checked."""
    if after is before or not any(name.lower() in DIGESTS for name, _ in headers.raw):
        return headers
    body = b"".join(after)
    fields = []
    for name, value in headers.raw:
        new = digest(name.lower(), value, body) if name.lower() in DIGESTS else value
        if new is not None:
            fields.append((name, new))
    return Headers(tuple(fields))


def cut(chunks: Chunks, old: bytes, new: bytes) -> Chunks:
    """The new body in chunks: where the old one's ended, as far as nothing before or nothing behind has changed."""
    if len(chunks) == 1:
        return (new,)
    start = 0
    limit = min(len(old), len(new))
    while start < limit and old[start : start + 256] == new[start : start + 256]:
        start += 256
    start = min(start, limit)
    while start < limit and old[start] == new[start]:
        start += 1
    end = 0
    while end < limit - start and old[len(old) - end - 1] == new[len(new) - end - 1]:
        end += 1
    cuts, place = [0], 0
    for chunk in chunks[:-1]:
        place += len(chunk)
        if place <= start:
            cuts.append(place)
        elif place >= len(old) - end:
            cuts.append(place - len(old) + len(new))
    cuts.append(len(new))
    return tuple([new[begin:stop] for begin, stop in itertools.pairwise(cuts)])


HASHES = {"md5": "md5", "sha": "sha1", "sha-256": "sha256", "sha-512": "sha512"}


def digest(name: bytes, value: bytes, body: bytes) -> bytes | None:
    """A digest field's value for another body (RFC 9530, RFC 3230, RFC 1864); None where the algorithm is not known."""
    if name == b"content-md5":
        return base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest())
    found = re.fullmatch(r"\s*([A-Za-z0-9-]+)\s*=\s*(:?)[A-Za-z0-9+/=]+:?\s*", value.decode("latin-1"))
    if not found or found[1].lower() not in HASHES:
        return None
    made = base64.b64encode(hashlib.new(HASHES[found[1].lower()], body, usedforsecurity=False).digest()).decode()
    return f"{found[1]}={found[2]}{made}{found[2]}".encode()
