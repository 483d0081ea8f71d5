"""What a run contradicts in people's document was told as "mended 1", the word for what was put right on the wire; and
nothing was told of it under ``-q``."""

from __future__ import annotations

import pytest
from runs import run

SUITE = """
from flask import Flask

def test_it():
    app = Flask(__name__)
    app.add_url_rule("/orders", view_func=lambda: {"id": "a"})
    assert app.test_client().get("/orders").json == {"id": "a"}
"""

HAND = """openapi: 3.1.0
info: {title: Shop, version: 1.0.0}
paths:
  /orders:
    get:
      responses:
        '200':
          description: All
          content:
            application/json:
              schema: {type: object, properties: {id: {type: integer}}}
"""


@pytest.mark.parametrize("options", [(), ("-q",)])
def test_it_is_told_as_what_it_is(pytester: pytest.Pytester, options: tuple[str, ...]) -> None:
    pytester.makepyfile(SUITE)
    (pytester.path / "hand.yaml").write_text(HAND)
    result = run(pytester, "--mirror", "--mirror-openapi=hand.yaml", *options)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*learned hand.yaml", '*    contradicted: GET /orders: *"integer"*"string"*'])
    result.stdout.no_fnmatch_line("*mended*")


def test_what_is_no_warning_is_not_told_under_q(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(SUITE)
    (pytester.path / "hand.yaml").write_text(HAND.replace("integer", "string"))
    result = run(pytester, "--mirror", "--mirror-openapi=hand.yaml", "-q")
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*hand.yaml*")
