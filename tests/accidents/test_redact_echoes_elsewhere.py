"""A request's secret stood in clear in its response where that was compressed, in its header fields, and where it had
been sent in a header, a cookie or a multipart field; and in the later messages of a WebSocket session."""

from __future__ import annotations

import gzip
import json
import zlib
from base64 import b64encode
from collections.abc import Sequence

import pytest
from factories import make_exchange, make_request, make_response

from mirror import Exchange
from mirror.exchange import Request, Response, WebSocketMessage
from mirror.recorder import LiveSink, Session
from mirror.redact.redactor import Redactor
from mirror.redact.sink import RedactedSink

SECRET = "Hunter2cana!"
JSON = ("Content-Type", "application/json")


def told(response: Response) -> str:
    """All that a response says, codings off."""
    body = response.body
    coding = response.headers.get("content-encoding")
    body = gzip.decompress(body) if coding == "gzip" else zlib.decompress(body) if coding == "deflate" else body
    fields = [*response.headers, *response.trailers]
    return "\n".join([response.reason, body.decode(), *(value for _, value in fields)])


def redacted(request: Request, response: Response) -> Exchange:
    exchange = make_exchange(request, response)
    redactor = Redactor(key=b"k")
    new = redactor.redact(exchange)
    assert SECRET in told(response)
    assert SECRET not in told(new.response)
    assert redactor.redact(exchange) == new  # by memory
    assert redactor.redact(new) is new
    assert redactor.blank(new) == redactor.blank(exchange)
    return new


def login() -> Request:
    return make_request("POST", "/", json.dumps({"password": SECRET}).encode(), headers=[JSON])


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_in_a_compressed_body(coding: str) -> None:
    body = (gzip.compress if coding == "gzip" else zlib.compress)(b'{"error": "no %s"}' % SECRET.encode())
    headers = [JSON, ("Content-Encoding", coding), ("Content-Length", str(len(body)))]
    new = redacted(login(), make_response(422, body[:9], body[9:], headers=headers)).response
    assert new.headers["content-length"] == str(len(new.body))
    assert new.headers["content-encoding"] == coding


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", "error=no+Hunter2cana%21"),
        ("text/html", f"<input value='{SECRET}'>"),
        ("text/event-stream", f'data: {{"error": "no {SECRET}"}}\n\n'),
        ("application/json", '"no \\u0048unter2cana!"'),
        ("application/pdf", f"%PDF\0 ({SECRET})"),
        ("text/html", "<p>no Hunter2cana&#33;"),
        ("text/csv", f'id,why\r\n1,"no {SECRET}"\r\n'),
    ],
)
def test_in_bodies_of_other_types(kind: str, body: str) -> None:
    exchange = make_exchange(login(), make_response(422, body.encode(), headers=[("Content-Type", kind)]))
    new = Redactor().redact(exchange).response.body.decode()
    assert "unter2cana" not in new
    assert len(new) == len(body) or "redacted-" in new


@pytest.mark.parametrize("name", ["Location", "X-Message", "Refresh"])
def test_in_a_field(name: str) -> None:
    redacted(login(), make_response(302, headers=[(name, f"/login?why=no+{SECRET}"), ("X", "1")]))
    exchange = make_exchange(login(), make_response(302, headers=[(name, "/no/Hunter2cana%21")]))
    assert "Hunter2cana" not in told(Redactor().redact(exchange).response)


def test_in_trailers_and_the_reason() -> None:
    redacted(login(), make_response(200, b"x", trailers=[("X-Why", f"no {SECRET}")]))
    redacted(login(), Response(401, f"No {SECRET}", make_response(200).headers))


PART = f'--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n{SECRET}\r\n--b--\r\n'


@pytest.mark.parametrize(
    "request_",
    [
        make_request("GET", "/", headers=[("X-Api-Key", SECRET)]),
        make_request("GET", "/", headers=[("Authorization", f"Bearer {SECRET}")]),
        make_request("GET", "/", headers=[("Authorization", f"Basic {b64encode(f'joe:{SECRET}'.encode()).decode()}")]),
        make_request("GET", "/", headers=[("Cookie", f"theme=dark; session={SECRET}")]),
        make_request("POST", "/", PART.encode(), headers=[("Content-Type", "multipart/form-data; boundary=b")]),
        make_request("POST", "/", gzip.compress(json.dumps({"pin_code": "1", "password": SECRET}).encode()),
                     headers=[JSON, ("Content-Encoding", "gzip")]),
        make_request("POST", "/", f"<a><password>{SECRET}</password></a>".encode(),
                     headers=[("Content-Type", "application/xml")]),
        make_request("POST", "/?password=Hunter2cana%21"),
        make_request("POST", "/", json.dumps({"note": f"password={SECRET}"}).encode(), headers=[JSON]),
    ],
)  # fmt: skip
def test_wherever_it_was_sent(request_: Request) -> None:
    redacted(request_, make_response(422, f'{{"error": "no {SECRET}"}}'.encode(), headers=[JSON]))


def test_who_somebody_is_is_no_secret() -> None:
    """The user of Basic credentials, and what a token's claims say, are replaced where they stand, and only there."""
    basic = b64encode(f"joe-smith:{SECRET}".encode()).decode()
    answer = make_response(200, b'{"name": "joe-smith"}', headers=[JSON])
    new = Redactor().redact(
        make_exchange(make_request("GET", "/", headers=[("Authorization", f"Basic {basic}")]), answer)
    )
    assert new.response is answer


def messages(*texts: str) -> tuple[WebSocketMessage, ...]:
    return tuple(WebSocketMessage("client", "text", text.encode(), 1.0) for text in texts)


SESSION = messages(f'{{"password": "{SECRET}"}}', f"no {SECRET}", f"Zk9-hunter and {SECRET} are no keys")


def test_in_later_messages() -> None:
    exchange = make_exchange(make_request("GET", "/ws?token=Zk9-hunter"), make_response(101), messages=SESSION)
    redactor = Redactor()
    new = redactor.redact(exchange)
    said = b"\n".join(message.data for message in new.messages).decode()
    assert SECRET not in said
    assert "Zk9-hunter" not in said
    assert redactor.redact(new) is new
    assert redactor.blank(new) == redactor.blank(exchange)


class Kept(LiveSink, Session):
    """Keeps the messages of sessions."""

    def __init__(self) -> None:
        self.messages: list[WebSocketMessage] = []

    def write(self, exchange: Exchange) -> Sequence[str]:
        return ()

    def open(self, exchange: Exchange) -> Session:
        return self

    def send(self, message: WebSocketMessage) -> Sequence[str]:
        self.messages.append(message)
        return ()

    def finish(self, exchange: Exchange) -> Sequence[str]:
        return ()


def test_in_later_messages_while_they_come() -> None:
    kept, redactor = Kept(), Redactor()
    handshake = make_exchange(make_request("GET", "/ws?token=Zk9-hunter"), make_response(101))
    session = RedactedSink(kept, redactor).open(handshake)
    for message in SESSION:
        session.send(message)
    whole = redactor.redact(make_exchange(handshake.request, handshake.response, messages=SESSION))
    assert tuple(kept.messages) == whole.messages


@pytest.mark.timeout(30)
def test_as_many_secrets_as_one_likes() -> None:
    sent = json.dumps([{"password": f"Hunter-{number}-cana"} for number in range(20_000)]).encode()
    answer = json.dumps({"errors": [f"Hunter {number} cana" for number in range(20_000)]}).encode()
    exchange = make_exchange(
        make_request("POST", "/", sent, headers=[JSON]), make_response(422, answer, headers=[JSON])
    )
    assert Redactor().redact(exchange).response is exchange.response
    many = messages(*[f'{{"token": "Hunter-{number}-cana"}}' for number in range(1000)])
    assert b"Hunter" not in Redactor().redact(make_exchange(messages=many)).messages[-1].data
