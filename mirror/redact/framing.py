"""What of a message must fit its body again after redaction: where its chunks end, and the digests in its fields."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re

Chunks = tuple[bytes, ...]


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
