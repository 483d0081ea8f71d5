"""The README and the docs are run: their Python is executed, their options exist, their files are there."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from runs import ALONE, run

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "DESIGN.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)

SHOP = """
from flask import Flask

def create_app():
    app = Flask(__name__)

    @app.post("/orders")
    def order():
        return {"error": "token missing"}, 401

    return app
"""


def blocks(page: Path, language: str) -> list[str]:
    return [text for name, text in FENCE.findall(page.read_text(encoding="utf-8")) if name == language]


@pytest.fixture(scope="module")
def helped(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What ``pytest --help`` says in a user's folder."""
    command = [sys.executable, "-m", "pytest", *ALONE, "--help"]
    folder = tmp_path_factory.mktemp("users")
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=60).stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_option_named_is_an_option(page: Path, helped: str) -> None:
    for option in set(re.findall(r"--mirror(?:-[a-z-]+)?", page.read_text(encoding="utf-8"))):
        assert option in helped, option


def test_every_option_is_in_the_readme(helped: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for option in set(re.findall(r"--mirror(?:-[a-z-]+)?", helped)):
        assert f"`{option}" in readme, option


def scripts() -> list[tuple[str, str]]:
    """The Python blocks that are programs of their own."""
    return [
        (f"{page.name}-{number}", text)
        for page in PAGES
        for number, text in enumerate(blocks(page, "python"))
        if "conftest.py" not in text and "def test_" not in text
    ]


@pytest.mark.parametrize("text", [text for _, text in scripts()], ids=[name for name, _ in scripts()])
def test_python_of_the_pages_runs(text: str, tmp_path: Path) -> None:
    program = tmp_path / "example.py"
    program.write_text(text, encoding="utf-8")
    subprocess.run([sys.executable, "-W", "error", str(program)], check=True, timeout=60, cwd=tmp_path)


def test_the_conftest_and_the_test_of_the_readme_run_together(pytester: pytest.Pytester) -> None:
    python = blocks(ROOT / "README.md", "python")
    conftest = next(text for text in python if "conftest.py" in text)
    test = next(text for text in python if "def test_" in text)
    pytester.makepyfile(conftest=textwrap.dedent(conftest), shop=SHOP, test_orders=test)
    result = run(pytester)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["mirror: made 1 = published 1 + failed 0 + ignored 0*"])


def test_the_conftests_of_the_docs_run(pytester: pytest.Pytester) -> None:
    for number, text in enumerate(blocks(ROOT / "docs" / "conftest.md", "python")):
        framework = "flask" if "flask" in text else "starlette"
        application = {
            "flask": "from flask import Flask\n\n@pytest.fixture\ndef app():\n    return Flask(__name__)\n",
            "starlette": "from starlette.applications import Starlette\n\n@pytest.fixture\ndef app():\n"
            "    return Starlette()\n",
        }[framework]
        folder = pytester.mkdir(f"suite{number}")
        (folder / "conftest.py").write_text(text + "\n" + application, encoding="utf-8")
        (folder / "test_it.py").write_text(
            "def test_it(client):\n    assert client.get('/nowhere').status_code == 404\n", encoding="utf-8"
        )
        result = run(pytester, folder)
        result.assert_outcomes(passed=1)
        result.stdout.fnmatch_lines(["mirror: made 1 = published 1 + failed 0 + ignored 0*"])


def test_the_hooks_of_the_docs_are_called(pytester: pytest.Pytester) -> None:
    text = next(text for text in blocks(ROOT / "docs" / "pytest.md", "python") if "pytest_mirror_summary" in text)
    pytester.makeconftest(text)
    pytester.makepyfile("def test_it():\n    pass\n")
    run(pytester, "--mirror").assert_outcomes(passed=1)
