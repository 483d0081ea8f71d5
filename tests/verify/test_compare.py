"""What is missed, seen twice or altered is found, all of it; what is the same is not."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import msgspec
import pytest
from factories import exchanges, make_exchange, make_headers, make_request, make_response
from hypothesis import HealthCheck, given, settings, strategies as st

from mirror import Exchange, Headers, Response, WebSocketMessage
from mirror.store.capture import read, save
from mirror.verify.compare import Verdict, compare
from mirror.wire.message import write_response

law = settings(deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def verdict(published: list[Exchange], seen: list[Exchange]) -> Verdict:
    return compare(lambda: published, seen)


def order(number: int, body: bytes = b"ok", status: int = 200) -> Exchange:
    return make_exchange(make_request("GET", f"/orders/{number}"), make_response(status, body), test=f"test_{number}")


def answer(body: bytes, *fields: tuple[str, str]) -> Response:
    return make_response(200, body, headers=fields)


def kinds(found: Verdict) -> list[tuple[str, str]]:
    return sorted((finding.kind, finding.target) for finding in found.findings)


@law
@given(st.lists(exchanges(), max_size=8), st.randoms())
def test_what_is_the_same_in_any_order_is_found_to_be(made: list[Exchange], chance: random.Random) -> None:
    seen = list(made)
    chance.shuffle(seen)
    found = verdict(made, seen)
    assert found == Verdict(len(made), len(made), 0, ())


@law
@given(st.lists(exchanges(), min_size=1, max_size=8), st.data())
def test_one_that_is_dropped_or_doubled_is_found(made: list[Exchange], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(made) - 1))
    (missed,) = verdict(made, made[:place] + made[place + 1 :]).findings
    assert (missed.kind, missed.target) == ("missed", made[place].request.target)
    (twice,) = verdict(made, [*made, made[place]]).findings
    assert (twice.kind, twice.target) == ("twice", made[place].request.target)


@pytest.mark.parametrize(
    ("altered", "how"),
    [
        (make_response(500, b"ok", headers=[("X-A", "1")]), "status 200 became 500"),
        (
            make_response(200, b"no", headers=[("X-A", "1")]),
            "response body: 2 bytes became 2, different from byte 0 on",
        ),
        (make_response(200, headers=[("X-A", "1")]), "response body: 2 bytes are missing"),
        (
            make_response(200, b"ok!", headers=[("X-A", "1")]),
            "response body: 2 bytes became 3, different from byte 2 on",
        ),
        (make_response(200, b"ok"), "response field x-a is missing"),
        (make_response(200, b"ok", headers=[("X-A", "2")]), "response field x-a has another value"),
        (make_response(200, b"ok", headers=[("X-A", "1"), ("X-A", "1")]), "response field x-a has another value"),
        (make_response(200, b"ok", headers=[("X-A", "1"), ("Via", "1.1 p")]), "response field via was added"),
    ],
)
def test_what_was_altered_is_told(altered: object, how: str) -> None:
    ours = make_exchange(response=make_response(200, b"ok", headers=[("X-A", "1")]))
    theirs = msgspec.structs.replace(ours, response=altered)
    (finding,) = verdict([order(1), ours, order(2)], [order(1), order(2), theirs]).findings
    assert (finding.kind, finding.how, finding.id) == ("altered", (how,), ours.id)
    assert "1" not in "".join(finding.how).replace("1 bytes", "") or "became" in how


def test_altered_requests_are_found_by_what_is_left_of_them() -> None:
    ours = make_exchange(make_request("POST", "/a?x=1", b"in"), make_response(200, b"a unique answer"))
    for request, how in (
        (make_request("POST", "/a?x=2", b"in"), "the target is another one"),
        (make_request("PUT", "/a?x=1", b"in"), "method POST became PUT"),
        (make_request("POST", "/b", b"in"), "the target is another one"),
        (make_request("POST", "/a?x=1", b"out"), "request body: 2 bytes became 3, different from byte 0 on"),
    ):
        (finding,) = verdict([ours], [msgspec.structs.replace(ours, request=request)]).findings
        assert (finding.kind, finding.how) == ("altered", (how,))


def test_what_a_connection_or_an_archive_changes_is_no_alteration() -> None:
    plain = make_response(200, b"abc", headers=[("Content-Type", "text/plain")])
    text, cut = ("content-type", "text/plain"), ("Content-Length", "9")
    coded = answer(gzip.compress(b"abc"), text, ("Content-Encoding", "gzip"), ("Connection", "close"), cut)
    chunked = make_response(200, b"a", b"bc", headers=[("Transfer-Encoding", "chunked"), text])
    made = [make_exchange(response=plain)]
    for response in (coded, chunked):
        assert not verdict(made, [make_exchange(response=response)]).findings


def session(*closes: tuple[str, int, bytes], text: bytes = b"hi") -> Exchange:
    messages = [WebSocketMessage("client", "text", text, 1.0)]
    messages += [WebSocketMessage(side, "close", reason, 2.0, code) for side, code, reason in closes]  # type: ignore[arg-type]
    return make_exchange(make_request("GET", "/ws"), make_response(101), messages=tuple(messages))


BOTH = (("server", 4003, b"full"), ("client", 4003, b""))


@pytest.mark.parametrize(
    ("seen", "how"),
    [
        ([("server", 1000, b"full"), ("client", 4003, b"")], "WebSocket: the server's close code 4003 became 1000"),
        ([("server", 4003, b"empty")], "WebSocket: the server's close has another reason"),
        ([("client", 1005, b"")], "WebSocket: the client's close code 4003 became 0"),
    ],
)
def test_an_altered_close_is_found(seen: list[tuple[str, int, bytes]], how: str) -> None:
    (finding,) = verdict([session(*BOTH)], [session(*seen)]).findings
    assert (finding.kind, finding.how) == ("altered", (how,))


def test_of_several_sessions_that_differ_in_their_closes_the_right_one_was_altered() -> None:
    other = session(("server", 1001, b""))
    (finding,) = verdict([other, session(*BOTH)], [other, session(("server", 1000, b"full"))]).findings
    assert finding.how == ("WebSocket: the server's close code 4003 became 1000",)


def test_a_close_that_one_side_does_not_tell_is_no_alteration() -> None:
    for ours, theirs in (
        (session(*BOTH), session()),
        (session(), session(*BOTH)),
        (session(*BOTH), session(BOTH[1])),
        (session(("client", 0, b"")), session(("client", 1005, b""))),
    ):
        assert not verdict([ours], [theirs]).findings
        (finding,) = verdict([ours], [theirs, theirs]).findings
        assert finding.kind == "twice"
        (finding,) = verdict([ours, ours], [theirs]).findings
        assert finding.kind == "missed"


def test_trailers_that_were_lost_or_altered() -> None:
    def with_trailers(*fields: tuple[str, str]) -> Exchange:
        answer = msgspec.structs.replace(make_response(200, b"x"), trailers=make_headers(*fields))
        return make_exchange(response=answer)

    ours, without = with_trailers(("Sum", "1")), with_trailers()
    for theirs, how, tells in (
        (with_trailers(("Sum", "2")), "trailer field sum has another value", False),
        (without, "trailer field sum is missing", True),
    ):
        found = compare(lambda: [ours], [theirs], tells_trailers=tells)
        assert [(each.kind, each.how) for each in found.findings] == [("altered", (how,))]
    (finding,) = compare(lambda: [without], [ours], tells_trailers=True).findings
    assert finding.how == ("trailer field sum was added",)
    assert not verdict([ours], [without]).findings
    assert not verdict([without], [ours]).findings
    assert not compare(lambda: [ours], [with_trailers(("sum", "1"))], tells_trailers=True).findings


@pytest.mark.parametrize("broken", [b"a\r\n b", b"a\n b", b"a\0 b", b"a\r\n\r b"])
def test_a_field_value_that_no_wire_could_carry_is_seen_as_it_was_mended(broken: bytes) -> None:
    def answered(value: bytes) -> Exchange:
        fields = Headers(((b"X-Long", value), (b"no token", b"left out")))
        return make_exchange(response=msgspec.structs.replace(make_response(200, b"x"), headers=fields))

    bytes_sent = bytes(write_response(answered(broken).response, "GET"))
    (line,) = [line for line in bytes_sent.split(b"\r\n") if line.startswith(b"X-Long")]
    mended = make_response(200, b"x", headers=[("X-Long", line.partition(b": ")[2].decode())])
    assert not verdict([answered(broken)], [make_exchange(response=mended)]).findings
    assert verdict([answered(broken)], [answered(b"ab")]).findings


def test_what_nobody_published_is_counted_and_no_finding() -> None:
    found = verdict([order(1)], [order(1), make_exchange(make_request("GET", "/favicon.ico"), make_response(404))])
    assert (found.findings, found.unknown) == ((), 1)


def test_one_in_a_thousand(tmp_path: Path) -> None:
    """Dropped, doubled or altered: every one of them is found, and nothing else."""
    made = [order(number, b"%d" % (number % 7)) for number in range(10_000)]
    made += [order(1, b"1")] * 500  # many alike
    chance = random.Random(3)
    seen, expected = [], []
    for place, exchange in enumerate(made):
        what = chance.choice(["drop", "double", "alter"]) if place % 1000 == 7 else ""
        path = exchange.request.target
        if what == "drop":
            expected.append(("missed", path))
            continue
        if what == "alter":
            expected.append(("altered", path))
            body = exchange.response.body
            answer = msgspec.structs.replace(
                exchange.response, chunks=(bytes([body[0] ^ 1]), *exchange.response.chunks)
            )
            exchange = msgspec.structs.replace(exchange, response=answer)
        seen.append(exchange)
        if what == "double":
            expected.append(("twice", path))
            seen.append(exchange)
    for name in ("agent.har", "agent.jsonl"):
        save(tmp_path / name, seen)
        found = compare(lambda: made, read(tmp_path / name))
        assert kinds(found) == sorted(expected)
    assert len(expected) == 11


def test_fields_that_are_ignored() -> None:
    ours = make_exchange()
    theirs = msgspec.structs.replace(
        ours, request=msgspec.structs.replace(ours.request, headers=make_headers(("Host", "testserver"), ("X-Id", "5")))
    )
    assert compare(lambda: [ours], [theirs]).findings
    assert not compare(lambda: [ours], [theirs], frozenset({b"x-id"})).findings


def test_many_that_differ() -> None:
    """Each is told as altered beside its own; a search among all of them for each would not come to an end."""
    made = [order(number, b"ours %d" % number) for number in range(10_000)]
    seen = [order(number, b"theirs %d" % number) for number in range(10_000)]
    found = verdict(made, seen[::-1])
    assert kinds(found) == sorted(("altered", each.request.target) for each in made)
    moved = [make_exchange(make_request("GET", f"/moved/{number}"), each.response) for number, each in enumerate(made)]
    found = verdict(made, moved[::-1])
    assert kinds(found) == sorted(("altered", each.request.target) for each in made)
    assert {finding.how for finding in found.findings} == {("the target is another one",)}


def test_of_several_that_are_alike_the_first_is_taken_and_the_target_counts_before_the_path() -> None:
    ours = [make_exchange(make_request("GET", f"/a?{n}"), make_response(200, b"%d" % n)) for n in (1, 2, 3)]
    theirs = [
        make_exchange(make_request("GET", "/a?9"), make_response(200, b"1")),
        make_exchange(make_request("GET", "/a?2"), make_response(200, b"other")),
        make_exchange(make_request("GET", "/else"), make_response(200, b"3")),
        make_exchange(make_request("GET", "/else"), make_response(200, b"")),
    ]
    found = verdict(ours, theirs)
    assert [(each.kind, each.target, each.how) for each in found.findings] == [
        ("altered", "/a?2", ("response body: 1 bytes became 5, different from byte 0 on",)),
        ("altered", "/a?1", ("the target is another one",)),
        ("altered", "/a?3", ("the target is another one",)),
    ]
    assert found.unknown == 1
