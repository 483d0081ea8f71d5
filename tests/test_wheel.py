"""The built wheel: what is in it, and what it says of itself."""

from __future__ import annotations

import subprocess
import sys
from configparser import ConfigParser
from email.message import Message
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import pytest

import mirror

ROOT = Path(__file__).parents[1]
BUILD = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as pip builds it (the build backend's own hook, PEP 517)."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-c", BUILD, str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return folder / built.stdout.split()[-1]


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


def read(wheel: Path, suffix: str) -> str:
    with ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(suffix)]
        return archive.read(name).decode("utf-8")


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    return Parser().parsestr(read(wheel, ".dist-info/METADATA"))


def test_it_is_a_wheel_for_every_platform(wheel: Path) -> None:
    assert wheel.name == f"mirror_http-{mirror.__version__}-py3-none-any.whl"


def test_all_of_the_package_is_in_it_and_nothing_else(names: set[str]) -> None:
    package = {str(path.relative_to(ROOT)) for path in (ROOT / "mirror").rglob("*.py")} | {"mirror/py.typed"}
    package |= {
        str(path.relative_to(ROOT)) for kind in ("html", "css", "js") for path in (ROOT / "mirror").rglob(f"*.{kind}")
    }
    about = {name for name in names if name.startswith(f"mirror_http-{mirror.__version__}.dist-info/")}
    assert names - about == package


def test_the_licence_is_in_it(wheel: Path, metadata: Message) -> None:
    assert "MIT License" in read(wheel, "/LICENSE")
    assert metadata["License-Expression"] == "MIT"


def test_pytest_finds_the_plugin_by_its_entry_point(wheel: Path) -> None:
    entry_points = ConfigParser()
    entry_points.read_string(read(wheel, "entry_points.txt"))
    assert dict(entry_points["pytest11"]) == {"mirror": "mirror.pytest_plugin"}


def test_it_says_what_it_needs(metadata: Message) -> None:
    assert metadata["Name"] == "mirror-http"
    assert metadata["Version"] == mirror.__version__
    assert metadata["Requires-Python"] == ">=3.11"
    needed = metadata.get_all("Requires-Dist") or []
    names = {need.partition(">")[0] for need in needed if "extra ==" not in need}
    assert names == {"click", "detect-secrets", "msgspec", "rich", "ruamel-yaml", "werkzeug", "wsproto"}
    assert set(metadata.get_all("Provides-Extra") or []) >= {"flask", "starlette", "fastapi"}


def test_each_extra_that_an_error_names_is_there(metadata: Message) -> None:
    for path in (ROOT / "mirror" / "adapters").glob("*.py"):
        for part in path.read_text("utf-8").split("mirror-http[")[1:]:
            assert part.partition("]")[0] in (metadata.get_all("Provides-Extra") or [])
