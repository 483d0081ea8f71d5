"""The page of ``mirror report`` in a real browser: read by the keyboard alone, with hostile captures and large ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from agents.programs import HERE, find
from reports import hostile, many, shapes, shop, written

from mirror import Exchange

AGENTS = ("node", "chromium", "har-readers")


def browsed(page: Path, what: str) -> Any:
    """What the browser's reader saw; nothing unwanted happened."""
    packages = Path(find("har-readers")).parents[1]
    run = subprocess.run(
        [find("node"), str(HERE / "report_page.js"), find("chromium"), str(page), what, str(page.parent)],
        env={**os.environ, "PACKAGES": str(packages)}, capture_output=True, text=True, timeout=200,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert told["unwanted"] == []
    return told["seen"]


def page(folder: Path, exchanges: Iterable[Exchange]) -> Path:
    return written(folder / "report.html", exchanges)


def test_it_is_read_by_the_keyboard_alone(tmp_path: Path) -> None:
    seen = browsed(page(tmp_path, shop()), "read")
    assert seen["title"] == "API"
    assert [" ".join(each.split()) for each in seen["listed"]] == [
        "POST /orders 2",
        "GET /orders/{order_id} 2",
        "WS /chat 1",
        "a CORS preflight 1",
    ]
    assert "6\nexchanges" in seen["summary"] or "exchanges\n6" in seen["summary"]
    assert seen["found"][0] == "1 operation, 1 exchange"
    assert "#1" in seen["first"]
    exchange = seen["exchange"]
    assert "POST /orders HTTP/1.1" in exchange
    assert "HTTP/1.1 201 Created" in exchange
    assert '  "big": 12345678901234567890\n' in exchange, "indented, and no number is rounded"
    assert '"total_cents": 1500' in exchange
    assert "tests/test_orders.py::test_place" in exchange
    assert seen["closed"][0] == 0
    assert "#1" in seen["closed"][1], "the focus is back where it was"
    assert seen["cleared"] == ["", ""]
    assert "/orders/{order_id}" in seen["moved"]
    address, operation = seen["operation"]
    assert address == "#GET/orders/%7Border_id%7D"
    for text in (
        "verbose",
        "total_cents",
        "required",
        "tests/test_orders.py::test_head",
        "2 exchanges",
        "Exchanges (2)",
    ):
        assert text in operation
    assert seen["filtered"] == "1 operation, 1 exchange"
    assert seen["pressed"][0] == "2 operations, 3 exchanges"
    assert seen["pressed"][1].startswith("200"), "the focus is on what was pressed"
    assert '"say": "hello"' in seen["linked"]
    assert "close 1000" in seen["linked"]
    assert "There is no" in seen["lost"]
    assert "2 exchanges" in seen["test"]
    assert seen["overflow"] == 0


def test_nothing_of_a_capture_runs_or_breaks_out(tmp_path: Path) -> None:
    seen = browsed(page(tmp_path, hostile()), "hostile")
    assert seen["panels"] == seen["rows"] == len(hostile())
    assert seen["images"] == 0
    assert seen["objects"] == 0, "what stands there is made of elements, of response header fields as well"
    assert seen["scripts"] == 3
    assert seen["title"].endswith("API")


def test_bodies_of_every_kind(tmp_path: Path) -> None:
    assert browsed(page(tmp_path, shapes()), "hostile")["panels"] == 18


def test_five_thousand_exchanges(tmp_path: Path) -> None:
    seen = browsed(page(tmp_path, many(5000)), "many")
    assert len(seen["all"]) == 50
    assert seen["searches"] == {
        "word-4711-end": ["1 operation, 1 exchange", 1],
        "status:404": ["5 operations, 500 exchanges", 5],
        "test:test_99": ["50 operations, 55 exchanges", 50],
        "path:/things7/": ["1 operation, 100 exchanges", 1],
        "lines nothing-has-this": ["0 operations, 0 exchanges", 0],
        "": ["", 50],
    }
    assert (seen["lines"], seen["more"]) == (100, 200)


def test_light_and_dark(tmp_path: Path) -> None:
    seen = browsed(page(tmp_path, shop()), "colours")
    light, dark = seen["light"][0], seen["dark"][0]
    assert light != dark
    assert seen["light"] == [light, light, dark, light], "the system's, light, dark, the system's"
    assert seen["dark"] == [dark, light, dark, dark]
    assert (tmp_path / "light.png").read_bytes() != (tmp_path / "dark.png").read_bytes()


def test_the_suite_of_an_example(tmp_path: Path) -> None:
    """Every operation of a real suite, with everything in it opened."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
    command = [
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
        "--mirror",
        f"--mirror-capture={tmp_path / 'c.jsonl'}",
    ]
    for arguments in (
        ["pytest", *command],
        ["mirror", "report", str(tmp_path / "c.jsonl"), "-o", str(tmp_path / "report.html")],
    ):
        run = subprocess.run(
            [sys.executable, "-m", *arguments], cwd=HERE.parents[1] / "examples" / "flask_app", env=environment,
            capture_output=True, text=True,
        )  # fmt: skip
        assert run.returncode == 0, run.stdout + run.stderr
    seen = browsed(tmp_path / "report.html", "hostile")
    assert seen["panels"] > 100
    assert seen["objects"] == 0
