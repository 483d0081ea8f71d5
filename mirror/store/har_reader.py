"""Reading HTTP Archives: mirror's own, and those of browsers, mitmproxy, Playwright, Postman, Insomnia and k6.

Only a request's method and URL and a response's status are asked for; what else an entry lacks is taken for empty.
Bodies in foreign archives have lost their content coding (HAR wants it so) and their chunks: Content-Encoding and
Transfer-Encoding are left out then, and a Content-Length is made true, so that it is an exchange that could have been.
Entries that tell no HTTP exchange (blocked, aborted, still under way; data: and its like) are passed over and counted.

Mirror's own fields say what HAR has no place for. Where they say in another way what the entry says as well (the
target, the coded body, the times), they count as long as both agree: somebody may have changed the entry.

Entries are read one at a time (see har_split), so that an archive of any size takes the memory of its largest entry,
and a broken one costs no other.
"""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import SplitResult, quote, urlencode, urlsplit

from mirror import media
from mirror.errors import CaptureError
from mirror.exchange import NONE, Exchange, Request, Response, Route, WebSocketMessage, encodable
from mirror.headers import Headers, encode
from mirror.store.har import OPCODES, url
from mirror.store.har_members import (
    elapsed,
    mapping,
    number,
    resource,
    rows,
    started,
    text,
    text_or_none,
    typed,
    unbase64,
    whole,
)
from mirror.store.har_split import Archive, Cut, Fault, split
from mirror.store.jsonl import explain as explain_json, refuse, unique
from mirror.store.reading import Reading, opened
from mirror.store.record import MOST_STATUS, headers as headers_of
from mirror.store.remote import Source

KINDS = {opcode: kind for kind, opcode in OPCODES.items()}
HTTP = {"http": "http", "https": "https", "ws": "http", "wss": "https"}
SCHEME = re.compile(r"([a-z][a-z0-9+-]*):(?![0-9])", re.IGNORECASE)  # not a host and its port
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
FORM = '{"log": {"version": "1.2", "entries": [...]}}'


class NoExchange(Exception):
    """An entry that tells none, and does not want to."""


def read_har(path: Source, reading: Reading) -> Iterator[Exchange]:
    """The exchanges of an archive, in its order. Raises CaptureError that names the entry."""
    entries = 0
    with opened(path) as file:
        skip_bom(file)
        try:
            for found in split(file, reading.longest):
                if isinstance(found, Archive):
                    check(found, path)
                elif isinstance(found, Fault):
                    reading.skip(f"{path} behind entry {entries}", f"no JSON: {found.why} (byte {found.place})")
                else:
                    entries += 1
                    exchange = read_entry(found, path, entries, reading)
                    found.clear()  # the largest thing here, and the next one is read
                    if exchange is not None:
                        yield exchange
                        del exchange
        except Cut as error:
            reading.skip(f"{path} behind entry {entries}", str(error))


def check(archive: Archive, path: Source) -> None:
    if not archive.entries:
        raise CaptureError(f"{path}: this is no HAR: it has no log.entries; a HAR is JSON: {FORM}")
    if archive.version and not archive.version.startswith("1."):
        raise CaptureError(f"{path}: version {archive.version:.40} of HAR; this mirror reads 1.1 to 1.3")


def skip_bom(file: BinaryIO) -> None:
    file.seek(0)
    if file.read(3) != BOM_UTF8:
        file.seek(0)


def read_entry(element: bytearray, path: Source, entry: int, reading: Reading) -> Exchange | None:
    """The exchange of one element of log.entries, None where it has none."""
    place = f"{path} entry {entry}"
    if len(element) > reading.longest:
        reading.skip_long(place)
        return None
    try:
        said = json.loads(element.decode("utf-8"), object_pairs_hook=unique, parse_constant=refuse)
        return from_entry(mapping(said, "it"), path, entry, reading.longest, partial(reading.remark, place))
    except NoExchange as why:
        reading.note(place, str(why))
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError) as error:
        reading.skip(place, f"no entry of HAR 1.2: {explain(error)}")
    return None


def responded(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """The response. Raises NoExchange where there is none: what was blocked has none, or one of status 0 or -1."""
    response = mapping(said.get("response") or {}, "response")
    status = whole(response.get("status"))
    if not isinstance(status, int | None) or isinstance(status, bool) or (status or 0) > MOST_STATUS:
        raise ValueError(f"the status {status!r:.40} is no integer of three digits")
    if status is None or status < 100:
        raise NoExchange("it has no response: blocked, aborted or still under way")
    return {**response, "status": status}


def from_entry(
    said: Mapping[str, Any], path: Source, entry: int, longest: int, remark: Callable[[str], None]
) -> Exchange:
    """The exchange of one entry, with at most so many bytes of a body that stands in a file beside the archive.

    ``remark`` is told of what is wrong with it and costs it nothing but a time.

    Raises NoExchange, and KeyError or ValueError where it is no entry.
    """
    request = mapping(said["request"], "request")
    response = responded(said)
    extra = said.get("_mirror")
    if not isinstance(extra, Mapping):
        extra = {}
    route = extra.get("route")
    messages = rows(said.get("_webSocketMessages"), "_webSocketMessages")
    return Exchange(
        str(extra.get("id") or f"{path.stem}-{entry:06d}"),
        request_of(request, extra, response["status"]),
        response_of(response, extra, path.parent if isinstance(path, Path) else None, longest),
        str(extra.get("gateway", "http")),
        started(said.get("startedDateTime"), extra.get("started"), remark),
        elapsed(said.get("time"), extra.get("elapsed"), remark),
        route_of(route) if route is not None else None,
        text_or_none(extra.get("error"), "_mirror.error"),
        text_or_none(extra.get("test"), "_mirror.test"),
        # Opcode -1 is no message: so Chrome tells that the connection was lost.
        tuple(message(each) for each in messages if each.get("opcode") != -1),
        text_or_none(extra.get("outcome"), "_mirror.outcome"),
    )


def route_of(said: Any) -> Route:
    route: Route = typed(said, Route, "_mirror.route")
    try:
        f"{route.template}{route.endpoint}{route.doc}".encode()
    except UnicodeEncodeError:  # half characters, which JSON can say
        return encodable(route)
    return route


def request_of(said: Mapping[str, Any], extra: Mapping[str, Any], status: int) -> Request:
    written = text(said["url"], "request.url")
    parts = split_url(written)
    method = text(said["method"], "request.method")
    if not TOKEN.fullmatch(method):
        raise ValueError(f"{method!r:.40} is no method (RFC 9110 section 5.6.2)")
    fields = fields_of(said, "request", bool(extra))
    if not extra and not any(name.lower() == "host" for name, _ in fields):
        named = (value for name, value in said_fields(said, "request") if name.lower() == ":authority")
        fields.insert(0, ("Host", next(named, parts.netloc).rpartition("@")[2]))
    body, kind = request_body(mapping(said.get("postData") or {}, "request.postData"))
    if not extra and kind is not None and not any(name.lower() == "content-type" for name, _ in fields):
        fields.append(("Content-Type", kind))
    if not extra:
        fields = true_framing(fields, body, coded=False)
    chunks = cut(body, extra.get("requestChunks"))
    target, scheme = extra.get("target"), extra.get("scheme") or HTTP.get(parts.scheme)
    if isinstance(target, str) and isinstance(scheme, str):
        sent = Request(method, target, encoded(fields), chunks, scheme)
        if url(sent, status) == written:
            return sent
    scheme = http(parts, written)
    # A query may be there and empty, which urlsplit does not tell.
    query = f"?{parts.query}" if parts.query or written.partition("#")[0].endswith("?") else ""
    target = quote((parts.path or "/") + query, safe=SAFE)
    return Request(method, target, encoded(fields), chunks, scheme)


def split_url(written: str) -> SplitResult:
    try:
        return urlsplit(written)
    except ValueError as error:
        raise ValueError(f"the URL {written!r:.80} is none: {error}") from None


def http(parts: SplitResult, written: str) -> str:
    """The scheme of a URL. Raises NoExchange where HTTP has no part in it, ValueError where it is not absolute."""
    if parts.scheme in HTTP and parts.netloc:
        return HTTP[parts.scheme]
    if parts.scheme not in HTTP and (named := SCHEME.match(written)):
        raise NoExchange(f"a URL of {named[1]}: is no exchange of HTTP")
    raise ValueError(f"the URL {written!r:.80} is not absolute: it lacks http:// or a host")


# What may stand in a request target as it is, besides letters and digits (RFC 3986 sections 3.3 and 3.4).
SAFE = "/?:@!$&'()*+,;=%-._~[]"


def response_of(said: Mapping[str, Any], extra: Mapping[str, Any], folder: Path | None, longest: int) -> Response:
    content = mapping(said.get("content") or {}, "response.content")
    body = content_body(content, folder, longest)
    fields = fields_of(said, "response", bool(extra))
    own = bool(extra)
    if extra.get("responseBody") is not None:
        coded = unbase64(extra["responseBody"], "_mirror.responseBody")
        own = media.plain(coded, encoded(fields).get("content-encoding")) == body
        body = coded if own else body
    if not own:
        fields = true_framing(fields, body, coded=True)
    trailers = extra.get("trailers")
    return Response(
        said["status"],
        text(said.get("statusText") or "", "response.statusText"),
        encoded(fields),
        cut(body, extra.get("responseChunks")),
        headers_of(typed(trailers, tuple[tuple[str, str], ...], "_mirror.trailers")) if trailers else NONE,
        not extra.get("incomplete", False),
    )


def request_body(data: Mapping[str, Any]) -> tuple[bytes, str | None]:
    """The body that postData tells, and its media type; from its parameters where it holds no text."""
    kind = text_or_none(data.get("mimeType") or None, "postData.mimeType")
    if data.get("text"):
        return unwritten(data, kind or "", "postData.text"), kind
    params = list(rows(data.get("params"), "postData.params"))
    if not params:
        return b"", kind
    if media.parse(kind or "").name == "multipart/form-data":
        found = re.search(r"boundary=\"?([^\";]+)", kind or "")
        boundary = found[1] if found else "mirror-boundary"
        kind = kind if found else f"multipart/form-data; boundary={boundary}"
        parts = [part(param, boundary) for param in params]
        return b"".join([*parts, f"--{boundary}--\r\n".encode()]), kind
    return urlencode([(param_of(each, "name"), param_of(each, "value")) for each in params]).encode(), kind


def param_of(param: Mapping[str, Any], name: str) -> str:
    return text(param["name"] if name == "name" else param.get(name) or "", f"postData.params.{name}")


def part(param: Mapping[str, Any], boundary: str) -> bytes:
    """One part of multipart/form-data (RFC 7578)."""
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{param_of(param, "name")}"'
    if param.get("fileName"):
        head += f'; filename="{param_of(param, "fileName")}"'
    if param.get("contentType"):
        head += f"\r\nContent-Type: {param_of(param, 'contentType')}"
    return f"{head}\r\n\r\n{param_of(param, 'value')}\r\n".encode("utf-8", "surrogatepass")


def content_body(content: Mapping[str, Any], folder: Path | None, longest: int) -> bytes:
    """The body that a response's content tells: in the archive, or in the file beside it that Playwright writes."""
    beside = content.get("_file")
    if beside is not None:
        return resource(text(beside, "content._file"), folder, longest)
    return unwritten(content, text(content.get("mimeType") or "", "content.mimeType"), "content.text")


def unwritten(where: Mapping[str, Any], kind: str, name: str) -> bytes:
    """The bytes of a text in an archive."""
    said = text(where.get("text") or "", name)
    if where.get("encoding") == "base64":
        return unbase64(said, name)
    try:
        return said.encode(media.codec(kind) or "utf-8")
    except UnicodeError:
        return said.encode("utf-8", "surrogatepass")


def true_framing(fields: list[tuple[str, str]], body: bytes, coded: bool) -> list[tuple[str, str]]:
    """The fields, framing a body that has lost its codings."""
    gone = ("transfer-encoding", "content-encoding") if coded else ("transfer-encoding",)
    true = [
        (name, str(len(body))) if name.lower() == "content-length" and body else (name, value)
        for name, value in fields
        if name.lower() not in gone
    ]
    if body and not any(name.lower() == "content-length" for name, _ in true):
        true.append(("Content-Length", str(len(body))))
    return true


def said_fields(said: Mapping[str, Any], where: str) -> Iterator[tuple[str, str]]:
    for field in rows(said.get("headers"), f"{where}.headers"):
        yield text(field["name"], "a field's name"), text(field.get("value") or "", "a field's value")


def fields_of(said: Mapping[str, Any], where: str, own: bool) -> list[tuple[str, str]]:
    """The header fields; those of other tools without the pseudo ones of HTTP/2 (RFC 9113 section 8.3).

    Browsers join the fields of one name by line breaks, which no field holds.
    """
    fields = said_fields(said, where)
    if own:
        return list(fields)
    return [(name, line) for name, value in fields if name[:1] != ":" for line in re.split(r"\r?\n", value)]


def encoded(fields: list[tuple[str, str]]) -> Headers:
    return Headers(tuple([(encode(name), encode(value)) for name, value in fields]))


def cut(body: bytes, sizes: Any) -> tuple[bytes, ...]:
    """The body in chunks of those sizes."""
    if not body and not sizes:
        return ()
    chunks = []
    begin = 0
    for size in typed(sizes or [len(body)], list[int], "_mirror's chunks"):
        chunks.append(body[begin : begin + size])
        begin += size
    return tuple(chunks) if begin == len(body) else (body,)


def message(said: Mapping[str, Any]) -> WebSocketMessage:
    kind = KINDS.get(typed(whole(said.get("opcode", 1)), int, "a message's opcode"), "text")
    data = text(said.get("data") or "", "a message's data")
    return WebSocketMessage(
        "client" if said.get("type") == "send" else "server",
        kind,  # type: ignore[arg-type]
        data.encode("utf-8", "surrogatepass") if kind in ("text", "close") else unbase64(data, "a message's data"),
        number(said.get("time") or 0.0, "a message's time"),
        typed(whole(said.get("_code", 0)), int, "a message's _code"),
    )


def explain(error: Exception) -> str:
    """An error of one entry in one line."""
    if isinstance(error, KeyError):
        return f"{error} is missing"
    if isinstance(error, UnicodeDecodeError):
        return f"invalid UTF-8 at its byte {error.start}"
    return explain_json(error)
