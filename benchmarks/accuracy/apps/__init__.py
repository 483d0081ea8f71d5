"""The applications: those below this folder, and real ones with the tests that they come with.

FastAPI ships the small applications of its tutorial with their tests in its source distribution. Nobody wrote those for
this, so they are downloaded and judged as they are. (They are small, and their tests are many for what they do.)
"""

from __future__ import annotations

import sys
import tarfile
from pathlib import Path
from typing import NamedTuple

from benchmarks.accuracy.learners import run

HERE = Path(__file__).resolve().parent
FASTAPI = "0.165.0"


class App(NamedTuple):
    """``declared`` is the expression that gives its document, after ``imported``, in its folder; ``suite`` are its
    tests; ``shipped``: in FastAPI's source distribution; ``held_out``: not looked at by whoever improves the learner.
    ``is_routed``: mirror knows the routes of its framework.
    """

    name: str
    framework: str
    declared: str
    imported: str = "app"
    suite: str = "tests"
    held_out: bool = False
    shipped: bool = False
    is_routed: bool = True

    def folder(self, work: Path) -> Path:
        """Where it stands; what is shipped is unpacked below ``work``."""
        return unpacked(work) if self.shipped else HERE / self.name


def shipped(name: str, module: str, suite: str) -> App:
    package = f"docs_src.{module}"
    declared = f"importlib.import_module({package!r}).app.openapi()"
    return App(name, "FastAPI's tutorial", declared, "importlib", f"tests/test_tutorial/{suite}", True, True)


def unpacked(work: Path) -> Path:
    """FastAPI's source distribution, downloaded once."""
    folder = work / f"fastapi-{FASTAPI}"
    if not folder.exists():
        options = ["--quiet", "--no-deps", "--no-binary", ":all:", "--dest", work]
        run([sys.executable, "-m", "pip", "download", *options, f"fastapi=={FASTAPI}"], work)
        with tarfile.open(work / f"fastapi-{FASTAPI}.tar.gz") as archive:
            archive.extractall(work, filter="data")
    return folder


OWN = (
    App("shop", "FastAPI", "app.app.openapi()"),
    App("blog", "FastAPI", "app.app.openapi()"),
    App("telemetry", "FastAPI", "app.app.openapi()"),
    App("documents", "FastAPI", "app.app.openapi()"),
    App("bookings", "FastAPI", "app.app.openapi()", held_out=True),
    App("tickets", "flask-smorest", "app.api.spec.to_dict()"),
    App("inventory", "Flask, apispec", "app.spec.to_dict()"),
    App("clinic", "APIFlask", "app.app.spec", held_out=True),
    App("market", "FastAPI", "app.app.openapi()"),
    App("petstore", "flask-smorest", "app.api.spec.to_dict()"),
    App("journal", "APIFlask", "app.app.spec"),
    App("library", "Django REST framework", "app.declared()", is_routed=False),
)
SHIPPED = (
    shipped("bigger", "bigger_applications.app.main", "test_bigger_applications/test_main.py"),
    shipped("body", "body.tutorial001", "test_body/test_tutorial001.py"),
    shipped("scopes", "security.tutorial005", "test_security/test_tutorial005.py"),
    shipped("heroes", "sql_databases.tutorial002", "test_sql_databases/test_tutorial002.py"),
    shipped("headers", "header_param_models.tutorial003", "test_header_param_models/test_tutorial003.py"),
    shipped("filters", "query_param_models.tutorial001", "test_query_param_models/test_tutorial001.py"),
    shipped("embedded", "body_multiple_params.tutorial005", "test_body_multiple_params/test_tutorial005.py"),
)
APPS = (*OWN, *SHIPPED)
