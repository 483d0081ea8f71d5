"""``mirror learn`` over many captures: by name, by pattern, by URL; one after another, or by the workers of a cluster.
Whoever learned what, the document has the same bytes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import verbs
from factories import make_exchange, make_request, make_response
from verbs import environment

from mirror import Exchange, Route
from mirror.errors import CaptureError
from mirror.store.capture import read, save
from mirror.store.remote import Remote, sources

JSON = [("Content-Type", "application/json")]
# Waits in the worker that comes first, so that it can be ended in the middle of a capture.
DETECTOR = """
import os, time

def find(text):
    try:
        with open("started.new", "x") as file:
            file.write(str(os.getpid()))
    except FileExistsError:
        return []
    os.rename("started.new", "started")
    while not os.path.exists("go"):
        time.sleep(0.01)
    return []
"""

IN_MEMORY = """
import sys
from pathlib import Path
import fsspec
from distributed import LocalCluster
from mirror.cli.dask_engine import learned_by_dask
from mirror.cli.learning import Plan, learned_here
from mirror.openapi.document import openapi
from mirror.store.remote import sources

if __name__ == "__main__":
    files = fsspec.filesystem("memory")
    for path in Path().glob("*.jsonl"):
        files.pipe(f"/captures/{path.name}", path.read_bytes())
    found = sources(["memory://captures/*.jsonl"])
    assert len(found) == 4, found
    plan = Plan.of(None, "store", False)
    with LocalCluster(n_workers=1, processes=False, dashboard_address=None, protocol="tcp") as cluster:
        told = []
        learned = learned_by_dask(found, plan, cluster.scheduler_address, told.append)
    assert told == [1, 2, 3, 4], told
    here = learned_here([Path(f"{number}.jsonl") for number in range(4)], plan, lambda _: None)
    assert learned.model.services[""].count == 40
    assert openapi(learned.model.services[""]) == openapi(here.model.services[""])
    print("done")
"""


def exchanges(part: int) -> Iterator[Exchange]:
    """Ten orders, with secrets that several captures share."""
    for number in range(10):
        order = {"id": number, "kind": "ab"[number % 2], "token": f"tok-{number % 3}-abcdefgh", f"of_{part % 3}": None}
        body = json.dumps(order).encode()
        yield make_exchange(
            make_request("POST", f"/orders/{number}?page={part}", body, headers=JSON),
            make_response(200, body, headers=JSON),
            route=Route("/orders/<int:order_id>", "orders.change"),
            test=f"tests/{part % 2}/test_orders.py::test_{number}",
        )


mirror = partial(verbs.mirror, patience=120)


@pytest.fixture
def captures(tmp_path: Path) -> Path:
    """A folder with four captures and an archive."""
    for part in range(4):
        save(tmp_path / f"{part}.jsonl", exchanges(part))
    save(tmp_path / "archive.har", exchanges(4))
    return tmp_path


@pytest.fixture
def engine() -> list[str]:
    pytest.importorskip("distributed")
    return ["--engine", "dask"]


def until(path: Path) -> None:
    """A process has come so far."""
    for _ in range(6000):
        if path.exists():
            return
        time.sleep(0.01)
    raise AssertionError(f"{path.name} has not come")


def test_a_cluster_comes_to_the_same_bytes(captures: Path, engine: list[str]) -> None:
    named = [f"file://{captures}/[0-3].jsonl".replace("[0-3]", "*"), "archive.har"]
    serial = mirror("learn", "*.jsonl", "archive.har", "-o", "serial.yaml", cwd=captures)
    parallel = mirror("learn", *named, "-o", "parallel.yaml", *engine, cwd=captures)
    assert (serial.returncode, parallel.returncode) == (0, 0)
    assert parallel.stderr == "mirror: parallel.yaml: 1 operation from 50 exchanges\n"
    assert (captures / "parallel.yaml").read_bytes() == (captures / "serial.yaml").read_bytes()
    again = mirror("learn", "archive.har", "*.jsonl", "-o", "serial.yaml", "--update", *engine, cwd=captures)
    assert (again.returncode, again.stdout) == (0, "")
    assert (captures / "parallel.yaml").read_bytes() == (captures / "serial.yaml").read_bytes()


def test_what_cannot_be_read_and_divided_documents(captures: Path, engine: list[str]) -> None:
    for part in (1, 2):
        with (captures / f"{part}.jsonl").open("a") as file:
            file.write("{broken\n")
    told = []
    for name, arguments in (("serial", []), ("parallel", engine)):
        failed = mirror("learn", "0.jsonl", "1.jsonl", "-o", "none.yaml", *arguments, cwd=captures)
        assert failed.returncode == 2
        assert not (captures / "none.yaml").exists()
        options = ["-o", f"{name}.json", "--split", "tests", "--keep-going", *arguments]
        done = mirror("learn", "*.jsonl", *options, cwd=captures)
        told.append((failed.stderr, done.returncode, done.stderr.replace(name, "")))
    assert told[0] == told[1]
    assert "mirror: 2 skipped\n" in told[0][2]
    for folder in ("0", "1"):
        serial, parallel = (captures / f"{name}-tests-{folder}.json" for name in ("serial", "parallel"))
        assert serial.read_bytes() == parallel.read_bytes()


def test_a_worker_killed_in_the_middle(captures: Path, engine: list[str]) -> None:
    assert mirror("learn", "*.jsonl", "-o", "serial.yaml", cwd=captures).returncode == 0
    wait_in_workers(captures)
    command = [sys.executable, "-m", "mirror", "learn", "*.jsonl", "-o", "parallel.yaml", *engine]
    with subprocess.Popen(command, cwd=captures, env=environment(), stderr=subprocess.PIPE, text=True) as learning:
        until(captures / "started")
        os.kill(int((captures / "started").read_text()), signal.SIGKILL)
        (captures / "go").touch()
        _, told = learning.communicate(timeout=120)
    assert (learning.returncode, told) == (0, "mirror: parallel.yaml: 1 operation from 40 exchanges\n")
    assert (captures / "parallel.yaml").read_bytes() == (captures / "serial.yaml").read_bytes()


def test_an_interrupt_leaves_nothing_behind(captures: Path, engine: list[str]) -> None:
    wait_in_workers(captures)
    command = [sys.executable, "-m", "mirror", "learn", "*.jsonl", "-o", "none.yaml", *engine]
    with subprocess.Popen(
        command, cwd=captures, env=environment(), stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as learning:
        until(captures / "started")
        os.killpg(learning.pid, signal.SIGINT)  # as a terminal does: to the workers too
        _, told = learning.communicate(timeout=120)
    assert (learning.returncode, told.strip()) == (130, "mirror: interrupted")
    assert not (captures / "none.yaml").exists()
    worker = int((captures / "started").read_text())
    status = Path(f"/proc/{worker}/stat")
    assert not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z"


def wait_in_workers(folder: Path) -> None:
    (folder / "waiting.py").write_text(DETECTOR)
    (folder / "pyproject.toml").write_text('[tool.mirror.redact]\ndetectors = ["waiting:find"]\n')


def test_a_cluster_of_somebody_else(captures: Path, engine: list[str]) -> None:
    (captures / "in_memory.py").write_text(IN_MEMORY)
    done = subprocess.run(
        [sys.executable, "in_memory.py"], cwd=captures, env=environment(), capture_output=True, text=True, timeout=120
    )
    assert done.stdout == "done\n", done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["0.jsonl", "--scheduler", "tcp://127.0.0.1:1"], "--scheduler is for --engine dask"),
        (["0.jsonl", "--engine", "dask", "--scheduler", "no://x"], "no scheduler answers at no://x: "),
        (["none*.jsonl"], "mirror: none*.jsonl: no file has such a name\n"),
        (["none.jsonl", "--engine", "dask"], "mirror: none.jsonl cannot be read: No such file or directory\n"),
        (["file:///none/a.jsonl"], "mirror: file:///none/a.jsonl cannot be read: there is no such file\n"),
        (["file:///none/*.jsonl"], "mirror: file:///none/*.jsonl: no file has such a name\n"),
        (["no-such-thing://u:p@x/a.jsonl"], "mirror: no-such-thing://x/a.jsonl cannot be read: Protocol not known"),
    ],
)
def test_what_cannot_be_found(arguments: list[str], told: str, captures: Path, engine: list[str]) -> None:
    done = mirror("learn", *arguments, "-o", "none.yaml", cwd=captures)
    assert done.returncode == 2
    assert told in done.stderr
    assert not (captures / "none.yaml").exists()


@pytest.mark.parametrize(
    ("missing", "arguments", "told"),
    [
        ("distributed", ["0.jsonl", "--engine", "dask"], "--engine dask needs Dask: pip install 'mirror-http[dask]'"),
        ("fsspec", ["file:///a.jsonl"], "a URL needs fsspec: pip install 'mirror-http[dask]'"),
    ],
)
def test_without_the_extra(missing: str, arguments: list[str], told: str, captures: Path) -> None:
    program = f"import sys; sys.modules[{missing!r}] = None; from mirror.cli.main import main; main()"
    command = [sys.executable, "-c", program, "learn", *arguments, "-o", "none.yaml"]
    done = subprocess.run(command, cwd=captures, env=environment(), capture_output=True, text=True, timeout=60)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert told in done.stderr


def test_a_name_with_brackets_is_a_name(captures: Path) -> None:
    (captures / "0.jsonl").rename(captures / "[0].jsonl")
    assert sources([str(captures / "[0].jsonl")]) == [captures / "[0].jsonl"]
    assert sources([str(captures / "[1-2].jsonl")]) == [captures / "1.jsonl", captures / "2.jsonl"]


def test_a_capture_behind_a_url_is_read_like_a_file(captures: Path) -> None:
    pytest.importorskip("fsspec")
    for name in ("0.jsonl", "archive.har"):
        assert list(read(Remote(f"file://{captures / name}"))) == list(read(captures / name))


def test_a_body_beside_an_archive_behind_a_url(captures: Path) -> None:
    pytest.importorskip("fsspec")
    archive = json.loads((captures / "archive.har").read_text())
    archive["log"]["entries"][0]["response"]["content"] = {"_file": f"{'0' * 40}.json"}
    (captures / "archive.har").write_text(json.dumps(archive))
    with pytest.raises(CaptureError, match=r"entry 1: .*0{40}\.json.*copy both here"):
        list(read(Remote(f"file://{captures}/archive.har")))
