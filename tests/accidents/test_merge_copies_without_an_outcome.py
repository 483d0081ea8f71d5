"""Of two copies of an exchange the first was taken, also where only the second said how its test ended."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from factories import make_exchange

from mirror.cli.merge import command
from mirror.store.capture import read, save


@pytest.mark.parametrize("order", [("killed", "whole"), ("whole", "killed")])
def test_the_outcome_is_that_of_any_copy(order: tuple[str, str], tmp_path: Path) -> None:
    # In the order of their arrival at a hub, which is not that of their times.
    made = [make_exchange(id=f"a-{at}", started=float(at), test="test_a") for at in (5, 3, 7)]
    save(tmp_path / "killed.jsonl", made)
    lines = (tmp_path / "killed.jsonl").read_bytes()
    (tmp_path / "whole.jsonl").write_bytes(lines + b'{"type":"outcome","test":"test_a","outcome":"passed"}\n')
    paths = [str(tmp_path / f"{name}.jsonl") for name in order]
    done = CliRunner().invoke(command, [*paths, "-o", str(tmp_path / "all.jsonl")])
    assert done.exit_code == 0, done.output
    assert sorted((each.id, each.outcome) for each in read(tmp_path / "all.jsonl")) == [
        ("a-3", "passed"), ("a-5", "passed"), ("a-7", "passed"),
    ]  # fmt: skip
