"""A parameter that somebody describes as a string was told to be contradicted, and one of mirror's own became a string
or an integer, where a run had sent digits alone."""

from __future__ import annotations

import pytest
from learning import called, model

from mirror.openapi.document import openapi
from mirror.openapi.update import update


@pytest.mark.parametrize("own", [True, False])
def test_digits_are_text(own: bool) -> None:
    def learned(*values: str) -> dict[str, object]:
        return openapi(model(*(called("GET", f"/a?x={value}", "/a") for value in values)).settled()[""])

    text = update("", learned("p-1", "q", "r", "7")).text
    if not own:
        text = text.replace("mark: ", "# mark: ")
    found = update(text, learned("7", "8"))
    assert (found.text, found.conflicts) == (text, [])
