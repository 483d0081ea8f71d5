"""Two suites with a test of the same name published to one hub: all exchanges had the outcome of the later one."""

from __future__ import annotations

from pathlib import Path

from factories import make_exchange

from mirror.store.capture import HarStore, Store, read
from mirror.store.jsonl import JsonlStore

NAME = "tests/test_orders.py::test_place"


def tell(store: Store, *told: str) -> list[str | None]:
    """Write an exchange for each dot and an outcome for each word; what the exchanges are read to have."""
    for word in told:
        if word == ".":
            store.write(make_exchange(test=NAME))
        else:
            store.tell(NAME, word)
    store.close()
    return [exchange.outcome for exchange in read(store.path)]


def test_each_has_the_outcome_of_its_own_run(tmp_path: Path) -> None:
    told = [".", ".", "passed", ".", "failed", ".", "error"]
    assert tell(JsonlStore(tmp_path / "hub.jsonl"), *told) == ["passed", "passed", "failed", "error"]
    assert tell(HarStore(tmp_path / "hub.har"), *told) == ["passed", "passed", "failed", "error"]


def test_one_that_a_worker_hands_over_late_has_the_outcome_before_it(tmp_path: Path) -> None:
    assert tell(JsonlStore(tmp_path / "late.jsonl"), ".", "failed", ".") == ["failed", "failed"]
    assert tell(JsonlStore(tmp_path / "later.jsonl"), ".", "failed", ".", "passed", ".") == [
        "failed", "passed", "passed",
    ]  # fmt: skip


def test_an_outcome_written_in_another_order_of_members_is_no_error(tmp_path: Path) -> None:
    store = JsonlStore(tmp_path / "other.jsonl")
    store.write(make_exchange(test=NAME))
    store.close()
    with store.path.open("a") as file:
        file.write(f'{{"test":"{NAME}","type":"outcome","outcome":"passed"}}\n')
    assert len(list(read(store.path))) == 1
