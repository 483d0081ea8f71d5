"""The members of an archive's entries as what they should be, or words that say which one is something else."""

from __future__ import annotations

import math
import re
import stat
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from mirror.store.har import date_time

KINDS: dict[type, str] = {
    dict: "an object", list: "a list", str: "a string", bool: "a boolean", int: "a number", float: "a number",
    type(None): "null",
}  # fmt: skip


def wrong(name: str, value: Any, wanted: str) -> ValueError:
    return ValueError(f"{name} is {KINDS[type(value)]} where {wanted} should stand")


def mapping(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise wrong(name, value, "an object")
    return value


def rows(value: Any, name: str) -> Iterator[Mapping[str, Any]]:
    """The objects of a list, none where it is missing."""
    if not isinstance(value or [], list):
        raise wrong(name, value, "a list")
    return (mapping(row, f"one of {name}") for row in value or ())


def text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise wrong(name, value, "a string")
    return value


def text_or_none(value: Any, name: str) -> str | None:
    return None if value is None else text(value, name)


def typed(value: Any, kind: Any, name: str) -> Any:
    """What a field of mirror's own should be."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise ValueError(f"{name}: {error}") from None


def unbase64(value: Any, name: str) -> bytes:
    try:
        return b64decode(text(value, name), validate=True)
    except ValueError:
        raise ValueError(f"{name} is no base64") from None


def number(value: Any, name: str) -> float:
    """A number; 0 for one beyond all numbers, which JSON can write (1e999) and nothing can keep."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise wrong(name, value, "a number")
    try:
        value = float(value)
    except OverflowError:
        return 0.0
    return value if math.isfinite(value) else 0.0


def whole(value: Any) -> Any:
    """A number without a fraction as an integer (JSON knows no difference); anything else as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def seconds(told: Any) -> float | None:
    """Seconds since the Unix epoch of a date-time as RFC 3339 has it; None where it is none."""
    try:
        return datetime.fromisoformat(told).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None


def started(told: Any, own: Any, remark: Callable[[str], None]) -> float:
    """When it began: as finely as mirror has written it, where that is the entry's date-time as well; 0 where nobody
    tells. One that is no date-time is remarked on."""
    at = seconds(told)
    if at is None and told not in (None, ""):
        remark("startedDateTime is no date-time (RFC 3339): when it began is not known")
    if own is not None:
        own = number(own, "_mirror.started")
        if at is None or told == date_time(own) or abs(own - at) < 1e-3:
            return float(own)
    return at or 0.0


def elapsed(told: Any, own: Any, remark: Callable[[str], None]) -> float:
    """How long it took, in seconds, in the same way; the entry tells milliseconds."""
    took = number(told, "time") if isinstance(told, int | float) and not isinstance(told, bool) else None
    if took is None and told is not None:
        remark("time is no number: how long it took is not known")
    if own is not None:
        own = number(own, "_mirror.elapsed")
        if took is None or took == max(own * 1e3, 0.0) or abs(own * 1e3 - took) < 1.0:
            return float(own)
    return max(took or 0.0, 0.0) / 1e3


# What Playwright calls the file of a body: the SHA-1 that its content had when it was written, and a suffix. An archive
# comes from anywhere, and must not have any other file beside it read.
RESOURCE = re.compile(r"[0-9a-f]{40}\.[A-Za-z0-9]{1,20}")


def resource(name: str, folder: Path | None, longest: int) -> bytes:
    """The content of a file of Playwright's beside the archive. Raises ValueError."""
    said = f"the body's file {name!r:.80}"
    if not RESOURCE.fullmatch(name):
        raise ValueError(f"{said} is not called as Playwright calls one (40 hexadecimal digits and a suffix): not read")
    if folder is None:
        raise ValueError(f"{said} is beside the archive: copy both here")
    place = folder / name
    try:
        if not stat.S_ISREG(place.lstat().st_mode):
            raise ValueError(f"{said} is no ordinary file")
        if place.stat().st_size > longest:
            raise ValueError(f"{said} is longer than {longest >> 20} MiB, as no capture has it")
        return place.read_bytes()
    except OSError as error:
        raise ValueError(f"{said} cannot be read: {error.strerror}") from None
