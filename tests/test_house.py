"""The house: who may import whom, how large a file may be, what nothing is called."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "mirror"
MODULES = sorted(HOUSE.rglob("*.py"))

MODEL = "errors headers exchange clock address counts"

# Who may import whom (DESIGN.md section 3). A name stands for the module and, where it is a folder, for all in it.
# The longest prefix of a module's own name is its rule: a new module needs a line, or stands in a folder that has one.
RULES = {
    "": "",  # mirror/__init__.py: everything is loaded when it is first used
    "errors": "",
    "clock": "",
    "headers": "",
    "counts": "",
    "applications": MODEL,
    "exchange": "headers",
    "address": "errors",
    "pyproject": "errors",
    "config": "errors address pyproject redact.rules",
    "formats": "",
    "media": "",
    "redact": f"{MODEL} formats media redact",
    "history": MODEL,
    "recorder": f"{MODEL} applications",
    "adapters": f"{MODEL} recorder adapters",
    "adapters.flask": f"{MODEL} recorder adapters session",
    "adapters.starlette": f"{MODEL} recorder adapters session",
    "wire": f"{MODEL} wire",
    "wire.hub_protocol": f"{MODEL} recorder wire",
    "wire.hub_client": f"{MODEL} recorder wire",
    "wire.hub_recorder": f"{MODEL} recorder wire",
    "wire.hub_link": f"{MODEL} recorder wire",
    "wire.hub_server": f"{MODEL} recorder wire",
    "redact.sink": f"{MODEL} recorder redact",
    "files": f"{MODEL} config store openapi",
    "session": f"{MODEL} config history recorder adapters wire redact store files",
    "hookspecs": "",
    "pytest_plugin": f"{MODEL} config hookspecs pyproject session pytest_run",
    "pytest_run": f"{MODEL} config recorder session summary pytest_reports pytest_workers",
    "pytest_reports": f"{MODEL} history redact",
    "pytest_workers": f"{MODEL} config recorder session wire",
    "summary": "counts",
    "whole": "",
    "readable": "headers media",
    "report": f"{MODEL} media readable openapi whole report",
    "store": f"{MODEL} media store whole",
    "openapi": f"{MODEL} formats media openapi whole redact.blanks",
    "verify": f"{MODEL} media store verify wire.message wire.websocket",
    "cli": f"{MODEL} media config recorder redact session store summary verify whole openapi readable report cli",
    "__main__": "cli",
}

# Frameworks, each imported in its own place only. (Seams meet the others where users import them.)
FRAMEWORKS = {
    "flask": {"adapters.flask"},
    "starlette": {"adapters.starlette"},
    "werkzeug": {"wire.server"},
    "wsproto": {"wire.websocket", "verify.websocket_frames"},
    "pytest": {"hookspecs", "pytest_plugin", "pytest_reports", "pytest_run"},
    "fastapi": set(),
    "django": set(),
    "httpx": set(),
    "httpx2": set(),
    "requests": set(),
}

FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}


class Import(NamedTuple):
    module: str
    imported: str
    lazy: bool

    def __str__(self) -> str:
        return f"{self.module or '__init__'} imports {self.imported}"


def name_of(path: Path) -> str:
    """``adapters.wsgi`` for mirror/adapters/wsgi.py; the empty name for mirror/__init__.py."""
    parts = path.relative_to(HOUSE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports(path: Path) -> Iterator[Import]:
    """What a module imports; what is there for the type checker alone does not count."""
    module = name_of(path)

    def walk(node: ast.AST, lazy: bool) -> Iterator[Import]:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            for other in node.orelse:
                yield from walk(other, lazy)
            return
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(module, alias.name, lazy)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are absolute"
            assert node.module is not None
            for alias in node.names:
                submodule = HOUSE.parent.joinpath(*node.module.split("."), alias.name)
                is_module = submodule.with_suffix(".py").exists() or submodule.is_dir()
                yield Import(module, f"{node.module}.{alias.name}" if is_module else node.module, lazy)
        for child in ast.iter_child_nodes(node):
            yield from walk(child, lazy or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))

    return walk(ast.parse(path.read_text("utf-8")), False)


IMPORTS = [found for path in MODULES for found in imports(path)]


def is_within(name: str, place: str) -> bool:
    return name == place or name.startswith(f"{place}.")


def test_imports_go_down() -> None:
    for found in IMPORTS:
        top, _, name = found.imported.partition(".")
        if top == "mirror":
            rule = max((place for place in RULES if place == "" or is_within(found.module, place)), key=len)
            assert any(is_within(name, allowed) for allowed in RULES[rule].split()), str(found)


def test_every_module_has_a_rule_and_every_rule_a_module() -> None:
    names = {name_of(path) for path in MODULES} | {"adapters", "cli", "redact", "store", "verify", "wire"}
    for name in names - {""}:
        assert any(is_within(name, place) for place in RULES if place), f"{name} has no rule"
    assert set(RULES) <= names


def test_a_framework_is_imported_in_its_own_place_only() -> None:
    for found in IMPORTS:
        top = found.imported.partition(".")[0]
        assert found.module in FRAMEWORKS.get(top, {found.module}), str(found)


def test_what_is_imported_is_declared_or_of_the_standard_library() -> None:
    declared = {
        "mirror",
        "werkzeug",
        "msgspec",
        "click",
        "rich",
        "detect_secrets",
        "ruamel",
        "distributed",
        "fsspec",
        *FRAMEWORKS,
    }
    for found in IMPORTS:
        top = found.imported.partition(".")[0]
        assert top in declared | sys.stdlib_module_names, str(found)


def test_the_plugin_imports_nothing_but_pytest_before_it_is_asked_to() -> None:
    eager = {
        found.imported.partition(".")[0] for found in IMPORTS if found.module == "pytest_plugin" and not found.lazy
    }
    assert eager <= {"pytest", *sys.stdlib_module_names}


def loaded_by(statement: str) -> set[str]:
    """The modules outside the standard library that a statement loads in a fresh interpreter."""
    program = f"import sys; before = set(sys.modules); {statement}; print(*(set(sys.modules) - before))"
    output = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    return {name for name in output.split() if name.partition(".")[0] not in sys.stdlib_module_names}


def frameworks(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules} & set(FRAMEWORKS)


def test_import_mirror_is_bare() -> None:
    assert loaded_by("import mirror") == {"mirror"}


@pytest.mark.parametrize("name", ["Exchange", "Headers", "Settings", "MirrorError", "Counts"])
def test_the_values_load_no_framework_and_no_server(name: str) -> None:
    assert not frameworks(loaded_by(f"from mirror import {name}"))


def test_a_mirror_loads_no_framework_but_its_server() -> None:
    assert frameworks(loaded_by("from mirror import Mirror; Mirror().start().close()")) == {"werkzeug"}


def test_every_public_name_is_there() -> None:
    import mirror

    for name in mirror.__all__:
        assert getattr(mirror, name).__name__ == name
    assert set(mirror.__all__) <= set(dir(mirror))
    with pytest.raises(AttributeError, match="module 'mirror' has no attribute 'nothing'"):
        mirror.nothing  # noqa: B018


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_has_one_clear_idea(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) <= 350
    assert ast.get_docstring(ast.parse("\n".join(lines))), "a module says what it is for"


def test_nothing_is_called_after_nothing() -> None:
    for path in [*MODULES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "examples").rglob("*.py")]:
        assert not FORBIDDEN_NAMES & set(path.relative_to(ROOT).with_suffix("").parts), path


def test_folders_are_two_deep() -> None:
    assert max(len(path.relative_to(HOUSE).parts) for path in MODULES) <= 2
