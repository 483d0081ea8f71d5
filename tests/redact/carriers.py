"""Exchanges to plant secrets in: everything that can carry one; and looking for what is left of them."""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from urllib.parse import quote, quote_plus, unquote_plus
from xml.sax.saxutils import escape, quoteattr

from factories import make_exchange, make_request, make_response
from redact.planted import Secret, is_evident

from mirror import Exchange
from mirror.exchange import WebSocketMessage

Carrier = Callable[[Secret], Exchange | None]


def of(body: str | bytes, content_type: str, **rest: object) -> Exchange:
    data = body.encode() if isinstance(body, str) else body
    headers = [("Content-Type", content_type), ("Content-Length", str(len(data))), *rest.pop("headers", ())]  # type: ignore[misc]
    return make_exchange(make_request("POST", "/in", data, headers=headers), make_response(200, data, headers=headers))


def in_json(secret: Secret) -> Exchange:
    return of(
        json.dumps({"id": 7, "user": {secret.name: secret.value, "list": [1, None]}, "ok": True}), "application/json"
    )


def in_json_list(secret: Secret) -> Exchange:
    return of(json.dumps({secret.name: [secret.value, secret.value]}, indent=2), "application/problem+json")


def in_json_pairs(secret: Secret) -> Exchange:
    return of(json.dumps([{"name": secret.name, "value": secret.value}]), "application/json; charset=utf-8")


def in_json_in_json(secret: Secret) -> Exchange:
    return of(
        json.dumps({"payload": json.dumps({"deep": json.dumps({secret.name: secret.value})})}), "application/json"
    )


def in_escapes(secret: Secret) -> Exchange:
    escaped = "".join(f"\\u{ord(c):04x}" for c in secret.value)
    return of(f'{{"{secret.name}": "{escaped}"}}', "application/json")


def in_json_base64(secret: Secret) -> Exchange:
    inside = json.dumps({secret.name: secret.value}).encode()
    return of(
        json.dumps({"blob": b64encode(inside).decode(), "safe": urlsafe_b64encode(inside).decode()}), "application/json"
    )


def in_json_url(secret: Secret) -> Exchange:
    url = f"https://shop.example/p?a=1&{quote(secret.name)}={quote(secret.value, safe='')}&z=2#top"
    return of(json.dumps({"next": url, "text": f"see {url} for more"}), "application/json")


def in_lines(secret: Secret) -> Exchange:
    return of(f'{{"a": 1}}\n{json.dumps({secret.name: secret.value})}\n', "application/x-ndjson")


def in_events(secret: Secret) -> Exchange:
    return of(f"event: x\nid: 4\ndata: {json.dumps({secret.name: secret.value})}\n\ndata: end\n\n", "text/event-stream")


def in_form(secret: Secret) -> Exchange:
    return of(f"a=1&{quote_plus(secret.name)}={quote_plus(secret.value)}&b=", "application/x-www-form-urlencoded")


def in_multipart(secret: Secret) -> Exchange:
    body = (
        f'--xx\r\nContent-Disposition: form-data; name="{secret.name}"\r\n\r\n{secret.value}\r\n'
        f'--xx\r\nContent-Disposition: form-data; name="f"; filename="a.json"\r\nContent-Type: application/json\r\n\r\n'
        f"{json.dumps({secret.name: secret.value})}\r\n--xx--\r\n"
    )
    return of(body, "multipart/form-data; boundary=xx")


def in_multipart_base64(secret: Secret) -> Exchange:
    inside = b64encode(json.dumps({secret.name: secret.value}).encode()).decode()
    body = (
        '--xx\r\nContent-Disposition: form-data; name="f"; filename="a.json"\r\nContent-Type: application/json\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{inside}\r\n--xx--\r\n"
    )
    return of(body, "multipart/form-data; boundary=xx")


def in_query(secret: Secret) -> Exchange:
    return make_exchange(make_request("GET", f"/q?x=1&{quote(secret.name)}={quote(secret.value, safe='')}"))


def in_path(secret: Secret) -> Exchange | None:
    if not is_evident(secret):
        return None
    return make_exchange(make_request("GET", f"/v1/{quote(secret.value, safe='')}/edit"))


def in_location(secret: Secret) -> Exchange:
    target = f"/done?{quote(secret.name)}={quote(secret.value, safe='')}"
    return make_exchange(
        None, make_response(302, headers=[("Location", target), ("Link", f"<https://h.example{target}>; rel=x")])
    )


def in_header(secret: Secret) -> Exchange | None:
    if "\n" in secret.value:
        return None
    name = f"X-{secret.name.replace('_', '-').title()}" if not is_evident(secret) else "X-Note"
    if not is_evident(secret) and secret.name.islower() is False:
        name = secret.name
    return make_exchange(
        make_request("GET", "/", headers=[(name, secret.value)]), make_response(200, headers=[(name, secret.value)])
    )


def in_authorization(secret: Secret) -> Exchange | None:
    if "\n" in secret.value or " " in secret.value:
        return None
    basic = b64encode(f"user:{secret.value}".encode()).decode()
    headers = [("Authorization", f"Bearer {secret.value}"), ("Proxy-Authorization", f"Basic {basic}")]
    return make_exchange(make_request("GET", "/", headers=headers))


def in_cookies(secret: Secret) -> Exchange | None:
    if any(c in secret.value for c in "\n; ,"):
        return None
    name = "session" if not is_evident(secret) else "remember_token"
    return make_exchange(
        make_request("GET", "/", headers=[("Cookie", f"theme=dark; {name}={secret.value}; lang=de")]),
        make_response(200, headers=[("Set-Cookie", f"{name}={secret.value}; Path=/; HttpOnly; SameSite=Lax")]),
    )


def in_xml(secret: Secret) -> Exchange:
    name = secret.name.replace(" ", "")
    return of(
        f"<?xml version='1.0'?>\n<a xmlns:n='urn:n'><n:{name}>{escape(secret.value)}</n:{name}></a>", "application/xml"
    )


def in_xml_attribute(secret: Secret) -> Exchange:
    data = f"<![CDATA[{secret.value}]]>"
    text = f"<a><b {secret.name}={quoteattr(secret.value)}/><param name='{secret.name}'>{data}</param></a>"
    return of(text, "application/soap+xml")


def in_html(secret: Secret) -> Exchange:
    return of(
        f"<html><p>x<br><input type=hidden name='{secret.name}' value={quoteattr(secret.value)}></html>", "text/html"
    )


def in_graphql(secret: Secret) -> Exchange | None:
    if not secret.name.isidentifier():
        return None
    query = f"mutation M {{ signUp(input: {{ {secret.name}: {json.dumps(secret.value)}, n: 3 }}) {{ id }} }}"
    return of(json.dumps({"query": query, "variables": {"input": {secret.name: secret.value}}}), "application/json")


def in_csv(secret: Secret) -> Exchange:
    shown = secret.value.replace('"', '""')
    return of(f'id,{secret.name},n\r\n1,"{shown}",2\r\n2,,3\r\n', "text/csv")


def in_log(secret: Secret) -> Exchange | None:
    if is_evident(secret):
        return of(f"2026-01-01 10:00:00 INFO sent {secret.value} to nobody\n", "text/plain")
    if secret.name == "phone" or " " in secret.value or secret.name.count("-") > 3:
        return None
    return of(f"2026-01-01 10:00:00 INFO login {secret.name}={secret.value} failed\n", "text/plain")


def in_percent(secret: Secret) -> Exchange | None:
    """Percent-encoded, and in no URL."""
    if not is_evident(secret) and (" " in secret.value or secret.name.count("-") > 3):
        return None
    shown = quote(secret.value if is_evident(secret) else f"{secret.name}={secret.value}", safe="")
    return of(json.dumps({"note": shown, "text": f"saw {shown} there"}), "application/json")


def in_percent_text(secret: Secret) -> Exchange | None:
    exchange = in_percent(secret)
    return exchange and of(json.loads(exchange.request.body)["text"], "text/plain")


def in_base64_text(secret: Secret) -> Exchange | None:
    """In base64, and in no JSON."""
    if not is_evident(secret) and (" " in secret.value or secret.name.count("-") > 3):
        return None
    shown = b64encode((secret.value if is_evident(secret) else f"{secret.name}={secret.value}").encode()).decode()
    return of(f"saw {shown} there", "text/plain") if len(shown) >= 20 else None


def in_gzip(secret: Secret) -> Exchange:
    body = gzip.compress(json.dumps({secret.name: secret.value}).encode())
    return of(body, "application/json", headers=[("Content-Encoding", "gzip")])


def in_messages(secret: Secret) -> Exchange:
    data = json.dumps({"type": "login", secret.name: secret.value}).encode()
    return make_exchange(
        make_request("GET", "/ws"),
        make_response(101),
        messages=(WebSocketMessage("client", "text", data, 1.0), WebSocketMessage("server", "binary", data, 2.0)),
    )


def in_broken_json(secret: Secret) -> Exchange:
    return of(json.dumps({secret.name: secret.value})[:-1], "application/json")


def in_error(secret: Secret) -> Exchange | None:
    if not is_evident(secret) and (" " in secret.value or secret.name.count("-") > 3):
        return None
    return make_exchange(error=f"ValueError: {secret.name}={secret.value!r}")


def in_angles(secret: Secret) -> Exchange | None:
    """As mails and logs have addresses; it is no tag, though it looks like one."""
    if not is_evident(secret):
        return None
    return of(json.dumps({"note": f"<{secret.value}>", "from": f"Zoe <{secret.value}>"}), "application/json")


def in_angles_in_markup(secret: Secret) -> Exchange | None:
    return of(f"<p>From</p> Zoe <{secret.value}>", "text/html") if is_evident(secret) else None


def in_a_log_of_numbers(secret: Secret) -> Exchange | None:
    return of(f"12:30:01 2026 {secret.value} 12/27 123\n", "text/plain") if is_evident(secret) else None


CARRIERS: list[Carrier] = [carrier for name, carrier in list(globals().items()) if name.startswith("in_")]


# Looking for what is left ---------------------------------------------------------------------------------------------


def everything(exchange: Exchange) -> bytes:
    """All bytes of an exchange that redaction is for, codings off."""
    request, response = exchange.request, exchange.response
    parts = [request.target.encode(), response.reason.encode(), (exchange.error or "").encode()]
    for message in (request, response):
        parts += [part for field in message.headers.raw for part in field]
        body = message.body
        if "gzip" in (message.headers.get("content-encoding") or ""):
            body = gzip.decompress(body)
        parts.append(body)
    parts += [part for field in response.trailers.raw for part in field]
    parts += [message.data for message in exchange.messages]
    return b"\n".join(parts)


def forms(data: bytes) -> Iterator[str]:
    """The data as it stands, and decoded in every way, three levels deep."""
    level = {data.decode("utf-8", "replace")}
    for _ in range(4):
        yield from level
        following: set[str] = set()
        for text in level:
            following.add(unquote_plus(text))
            following.add(
                re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)
                .replace('\\"', '"')
                .replace("\\n", "\n")
            )
            following.add(text.replace("&quot;", '"').replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">"))
            for run in re.findall(r"[A-Za-z0-9+/_-]{12,}={0,2}", text):
                try:
                    raw = b64decode(
                        run.rstrip("=") + "=" * (-len(run.rstrip("=")) % 4),
                        altchars=b"-_" if set(run) & set("-_") else None,
                    )
                    following.add(raw.decode("utf-8"))
                except ValueError:
                    continue
        level = following - level


def left(exchange: Exchange, secret: Secret) -> bool:
    """Whether a secret can still be found in an exchange, as it is or in one of its telling parts."""
    tells = [secret.value, "".join(secret.value.split())]
    if secret.kind in ("jwt", "signed", "sendgrid"):
        tells += [part for part in secret.value.split(".")[1:] if len(part) > 12]
    if secret.kind == "private-key":
        tells += secret.value.split("\n")[1:-1]
    return any(tell in text for text in forms(everything(exchange)) for tell in tells)
