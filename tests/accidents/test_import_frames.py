"""A watched import had a frame of mirror's in its stack, where the import machinery's own frames do not count.

So Starlette's warning about httpx named ``mirror/adapters/imports.py`` as the place of the import, and a filter for the
user's module no longer matched.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

WARNING = """
import sys, warnings
sys.modules["httpx2"] = None
import httpx
from contextlib import nullcontext
from mirror import Mirror
with {context}, warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    import starlette.testclient
print([(each.category.__name__, each.filename.rpartition("/")[2], each.lineno) for each in caught])
"""

FAILURE = """
import sys, traceback
sys.modules["anyio"] = None
from contextlib import nullcontext
from mirror import Mirror
with {context}:
    try:
        import starlette.testclient
    except ImportError:
        traceback.print_exc(file=sys.stdout)
"""


def said(code: str, folder: Path) -> str:
    folder.joinpath("program.py").write_text(code)
    done = subprocess.run([sys.executable, "program.py"], cwd=folder, capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("code", "sign"), [(WARNING, "'program.py', 9)"), (FAILURE, "anyio")], ids=["warning", "error"]
)
def test_a_watched_import_looks_like_any_other(code: str, sign: str, tmp_path: Path) -> None:
    pytest.importorskip("starlette", reason="a module that is watched")
    pytest.importorskip("httpx", reason="Starlette warns where only httpx is there")
    bare = said(code.format(context="nullcontext()"), tmp_path)
    assert sign in bare
    assert said(code.format(context="Mirror()"), tmp_path) == bare
