"""What learning costs: against decoding the same bodies, and in memory, however many exchanges there are.

The floor is ``json.loads`` of the bodies, request and response: whoever learns from JSON has to decode it (with
msgspec, which is quicker, as mirror does). The exchanges are of an application with twenty operations, each body with
about 2 KB of nested objects, lists, dates, UUIDs and numbers; no two are alike.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from blocks import Variant, measure
from report import Options, Row

from mirror import Exchange, Headers, Request, Response, Route
from mirror.openapi.batch import Batch
from mirror.openapi.model import Model
from mirror.store.capture import read, save
from mirror.store.reading import Reading

BLOCK = 2_000
BLOCKS = 5
FEW = 1_000
MANY = 20_000
MILLION = 1_000_000
RESOURCES = "orders customers invoices parcels refunds".split()
FIELDS = Headers(((b"Host", b"testserver"), (b"Content-Type", b"application/json")))

HERE = Path(__file__).parent
PEAK = """
import sys
from pathlib import Path
from kernel import most_resident
from mirror.cli.learning import Plan, learned_here
from mirror.openapi.document import openapi
learned = learned_here([Path(sys.argv[1])], Plan.of(None, "none", False), lambda _: None)
openapi(learned.model.services[""])
print(learned.model.services[""].count, most_resident())
"""


def learning(options: Options) -> Iterator[Row]:
    """Learning from exchanges of 2 KB / ``json.loads`` of their bodies; and its memory, 20,000 exchanges (a million
    with --million) against 1,000.

    Blocks of 2,000 exchanges in turn, 10,000 different ones in all; each block goes to a model that has seen them
    before, as nearly all of 100,000 exchanges do. Reading is that of a JSONL capture.
    """
    with tempfile.TemporaryDirectory() as folder:
        made = [[exchange(number * BLOCK + each) for each in range(BLOCK)] for number in range(BLOCKS)]
        bodies = [[body for one in block for body in (*one.request.chunks, *one.response.chunks)] for block in made]
        captures = [Path(folder, f"{number}.jsonl") for number in range(BLOCKS)]
        for path, block in zip(captures, made, strict=True):
            save(path, block)
        batch = Batch(Model())
        turns = dict.fromkeys(("loads", "learn", "read"), 0)

        def turn(name: str) -> int:
            turns[name] += 1
            return turns[name] % BLOCKS

        def loads() -> None:
            for body in bodies[turn("loads")]:
                json.loads(body)

        def learn() -> None:
            for one in made[turn("learn")]:
                batch.add(one)
            batch.settle()

        def read_and_learn() -> None:
            for one in read(captures[turn("read")], Reading(outcomes=False)):
                batch.add(one)
            batch.settle()

        timings = measure(
            [
                Variant("json.loads", loads, calls=1, uncounted=0),
                Variant("learned", learn, calls=1, uncounted=0),
                Variant("read and learned", read_and_learn, calls=1, uncounted=0),
            ],
            seconds=20,
            rounds=12,
        )
        size = sum(map(len, bodies[0])) / BLOCK / 1000
        least = {name: min(timings.blocks[name].values()) / BLOCK for name in timings.blocks}
        said = ", ".join(f"{name} {seconds * 1e6:.0f} us" for name, seconds in least.items())
        for name in ("learned", "read and learned"):
            ratio = timings.ratio(name, "json.loads")
            yield Row(
                f"{name}, {size:.1f} KB each / json.loads of the bodies", ratio.value, 5, spread=ratio.spread,
                beside=f"least of the rounds {least[name] / least['json.loads']:.2f}, {1 / least[name]:,.0f} a second",
                median=f"{said} (least)",
            )  # fmt: skip
        yield memory(MILLION if options.million else MANY, Path(folder))


def memory(number: int, folder: Path) -> Row:
    few, many = folder / "few.jsonl", folder / "many.jsonl"
    save(few, map(exchange, range(FEW)))
    save(many, map(exchange, range(number)))
    least, _ = peak(few)
    most, seconds = peak(many)
    return Row(
        f"learning from {number:,} exchanges: memory beyond that of {FEW:,}", (most - least) / 1024, 8, " MB", digits=1,
        beside=f"{least / 1024:.0f} MB for {FEW:,}, {seconds / number * 1e6:.0f} us each",
    )  # fmt: skip


def peak(capture: Path) -> tuple[int, float]:
    """The largest resident size (KiB) of a process that learns from a capture, and the seconds it takes."""
    begin = time.perf_counter()
    command = [sys.executable, "-c", PEAK, str(capture)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=HERE).stdout
    return int(said.split()[1]), time.perf_counter() - begin


def exchange(number: int) -> Exchange:
    """One of the operations called: 2 KB in its bodies, the same for a number each time."""
    rng = random.Random(number)
    resource = RESOURCES[number % 5]
    called = number // 5 % 4
    said = json.dumps(item(rng, number)).encode()
    path, method, status, sent = (
        (f"/{resource}/{number}", "GET", 200, b""),
        (f"/{resource}?page={number % 50}&sort=name", "GET", 200, b""),
        (f"/{resource}", "POST", 201, json.dumps(order(rng)).encode()),
        (f"/{resource}/{number}", "PUT", 200, json.dumps(order(rng)).encode()),
    )[called]
    template = f"/{resource}" + ("/<int:id>" if called in (0, 3) else "")
    return Exchange(
        f"id-{number}",
        Request(method, path, FIELDS, (sent,) if sent else ()),
        Response(status, "OK", FIELDS, (said,)),
        "wsgi",
        0.0,
        0.001,
        Route(template, f"{resource}.{method.lower()}"),
        test=f"tests/test_{resource}.py::test_{number % 40}",
    )


def item(rng: random.Random, number: int) -> dict[str, Any]:
    return {
        "id": number,
        "uuid": str(UUID(int=rng.getrandbits(128))),
        "status": rng.choice(["open", "paid", "sent"]),
        "created_at": f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}T10:00:00Z",
        "total": round(rng.random() * 1000, 2),
        "note": None if rng.random() < 0.5 else "as ordered",
        "customer": {
            "id": rng.randint(1, 9999),
            "name": f"Name {rng.randint(1, 9999)}",
            "email": f"user{rng.randint(1, 9999)}@shop.example",
            "address": {"street": f"Street {rng.randint(1, 99)}", "zip": f"{rng.randint(0, 99999):05}", "city": "Ulm"},
        },
        "lines": [order(rng) for _ in range(10)],
        "tags": rng.sample(["new", "gift", "fragile", "heavy", "cold"], 2),
    }


def order(rng: random.Random) -> dict[str, Any]:
    return {
        "sku": f"SKU-{rng.randint(1, 99999):05}",
        "quantity": rng.randint(1, 9),
        "price": round(rng.random() * 100, 2),
        "day": f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
        "gift": rng.random() < 0.1,
        "options": {"color": rng.choice(["red", "blue", "green"]), "size": rng.choice("SML")},
    }
