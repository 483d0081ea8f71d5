"""What captures may hold that nobody expects: a document that is valid, or one line that says what is wrong."""

from __future__ import annotations

import json
import random
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import verbs
from factories import make_exchange, make_request, make_response
from openapi_spec_validator import validate

from mirror import Exchange, Route
from mirror.store.capture import save

JSON = "application/json"


mirror = partial(verbs.mirror, patience=120)


def answered(
    path: str, body: bytes, kind: str = JSON, route: Route | None = None, *fields: tuple[str, str]
) -> Exchange:
    answer = make_response(200, *filter(None, [body]), headers=[*([("Content-Type", kind)] if kind else []), *fields])
    return make_exchange(make_request("GET", path), answer, route=route, gateway="http", test="t.py::test_it")


def document(folder: Path, made: list[Exchange], valid: bool = True) -> dict[str, Any]:
    """The document learned, as a validator accepts it; JSON in the strict sense."""
    save(folder / "hostile.jsonl", made)
    done = mirror("learn", "hostile.jsonl", "-o", "openapi.json", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["hostile.jsonl", "openapi.json"]

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    written: dict[str, Any] = json.loads((folder / "openapi.json").read_text(), parse_constant=refuse)
    if valid:
        validate(written)
    yaml = mirror("learn", "hostile.jsonl", "-o", "-", cwd=folder)
    assert (yaml.returncode, yaml.stdout.partition("\n")[0]) == (0, "openapi: 3.1.0")
    return written


def test_a_body_of_megabytes(tmp_path: Path) -> None:
    rows = [{"id": number, "name": f"row {number}", "tags": ["a", "b"]} for number in range(30_000)]
    written = document(tmp_path, [answered("/rows", json.dumps({"rows": rows, "text": "x" * 2_000_000}).encode())])
    assert set(written["paths"]) == {"/rows"}
    assert len(json.dumps(written)) < 10_000


def test_many_operations(tmp_path: Path) -> None:
    made = [
        answered(f"/r{number}/5", json.dumps({f"f{number}": 1}).encode(), JSON, Route(f"/r{number}/<int:id>", "e"))
        for number in range(300)
    ]
    assert len(document(tmp_path, made)["paths"]) == 300


def test_many_paths_without_routes(tmp_path: Path) -> None:
    rng = random.Random(1)
    made = [
        answered(f"/items/{rng.getrandbits(64):x}/parts/{number}", json.dumps({"id": number}).encode())
        for number in range(3000)
    ]
    assert len(document(tmp_path, made)["paths"]) == 1


def nested(depth: int, step: str, end: str) -> bytes:
    return (step * depth + "1" + end * depth).encode()


@pytest.mark.parametrize(
    ("step", "end"), [("[", "]"), ('{"a":', "}"), ("[1,", "]"), ('[{"a":[0,', "]},2]"), ('{"a":1,"b":[{"c":', "},7]}")]
)
@pytest.mark.parametrize("depth", [15, 60, 20_000])
def test_deep_nesting(step: str, end: str, depth: int, tmp_path: Path) -> None:
    # The validator goes through 25 frames for each level: beyond 35 levels there are too many for Python.
    written = document(tmp_path, [answered("/deep", nested(depth, step, end))] * 2, valid=depth != 60)
    assert set(written["paths"]) == {"/deep"}


def test_recursive_shapes(tmp_path: Path) -> None:
    def tree(depth: int) -> Any:
        return {"id": depth, "children": [tree(depth - 1)] * 2 if depth else [], "parent": {"id": 1} if depth else None}

    def chain(length: int) -> Any:
        value: Any = None
        for number in range(length):
            value = {"id": number, "next": value}
        return value

    made = [answered("/tree", json.dumps(tree(depth)).encode()) for depth in (7, 3, 0)]
    made += [answered("/chain", json.dumps(chain(length)).encode()) for length in (60, 12, 1)]
    assert set(document(tmp_path, made)["paths"]) == {"/tree", "/chain"}


KEYS = ["", "a/b~c", "~1", "é☃", "k" * 10_000, "$ref", "__proto__", "a b", "1", "null", "\x00\n", "\ud800", ".", "{id}"]


def test_keys_that_are_no_identifiers(tmp_path: Path) -> None:
    body = {key: {"a": {key: 1}} for key in KEYS}
    made = [answered("/keys", json.dumps(body).encode()) for _ in range(3)]
    made += [answered(f"/keys/{number}", json.dumps({key: number}).encode()) for number, key in enumerate(KEYS)]
    document(tmp_path, made)


def test_maps_of_many_keys(tmp_path: Path) -> None:
    bodies = [{f"k{number}x{turn}": {"a": number} for number in range(5000)} for turn in range(2)]
    written = document(tmp_path, [answered("/map", json.dumps(body).encode()) for body in bodies])
    schema = written["paths"]["/map"]["get"]["responses"]["200"]["content"][JSON]["schema"]
    if "$ref" in schema:
        schema = written["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    assert "additionalProperties" in schema
    assert len(json.dumps(written)) < 10_000


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<html>oops", JSON),
        (b"{not json", JSON),
        (b'{"a": NaN, "b": [Infinity, -Infinity], "c": 1e999}', JSON),
        (b'{"a": ' + b"9" * 5000 + b"}", JSON),
        (b'{"a": "\\ud800", "b": 1}', JSON),
        (b"\xff\xfe{\x00}\x00", JSON),
        (b'{"a": 1}', "text/plain"),
        (b'{"a": 1}', "application/octet-stream"),
        (b'{"a": 1}', ""),
        (b"a=1&b", "multipart/form-data; boundary=x"),
        (b"\x00\xff" * 300, "application/x-www-form-urlencoded"),
        (b"<a>", "application/json; charset=no-such-charset"),
        (b'{"a": 1}\n{"a": ', "application/x-ndjson"),
        (b"data: {", "text/event-stream"),
        (b"1", "/;=,;;"),
        (b"1", "caf\u00e9/\u00e9".encode("latin-1").decode("latin-1")),
        (b"", JSON),
    ],
    ids=range(17),
)
def test_bodies_that_are_not_what_they_say(body: bytes, kind: str, tmp_path: Path) -> None:
    made = [answered("/lie", body, kind), answered("/lie", b'{"a": 1}'), answered("/lie", body, kind)]
    made += [answered("/coded", body, kind, None, ("Content-Encoding", coding)) for coding in ("gzip", "br", "what")]
    assert set(document(tmp_path, made)["paths"]) == {"/lie", "/coded"}


def entry(**changes: Any) -> dict[str, Any]:
    request = {"method": "GET", "url": "http://shop.example/orders/1"}
    response = {"status": 200, "content": {"mimeType": JSON, "text": '{"id": 1}'}}
    return {"request": request, "response": response, **changes}


@pytest.mark.parametrize(
    "changes",
    [
        {"request": {"method": "GET"}},
        {"request": {"url": "http://shop.example/"}},
        {"request": {"method": "GET", "url": "/orders"}},
        {"request": None},
        {"response": {"status": "fine"}},
        {"response": {"status": 200, "content": {"text": 7}}},
        {"response": {"status": 200, "headers": "many"}},
    ],
    ids=range(7),
)
def test_archives_with_broken_entries(changes: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "a.har").write_text(json.dumps({"log": {"entries": [entry(), entry(**changes)]}}))
    refused = mirror("learn", "a.har", "-o", "openapi.yaml", cwd=tmp_path)
    assert refused.returncode == 2
    assert refused.stderr.startswith("mirror: a.har entry 2: no entry of HAR 1.2: ")
    assert [path.name for path in tmp_path.iterdir()] == ["a.har"]
    assert mirror("learn", "a.har", "-o", "openapi.yaml", "--keep-going", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"startedDateTime": None, "time": None},
        {"response": {"status": 200}},
        {"response": {"status": 200, "headers": None, "content": None}},
        {"response": {"status": 0}},
        {"response": None},
        {"request": {"method": "POST", "url": "http://shop.example/orders", "postData": {"text": "a=1"}}},
        {"request": {"method": "POST", "url": "http://shop.example/orders", "postData": {"params": [{"name": "a"}]}}},
    ],
    ids=range(7),
)
def test_archives_that_say_little(changes: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "a.har").write_text(json.dumps({"log": {"entries": [entry(), entry(**changes)]}}))
    done = mirror("learn", "a.har", "-o", "openapi.json", cwd=tmp_path)
    assert done.returncode == 0
    validate(json.loads((tmp_path / "openapi.json").read_text()))
