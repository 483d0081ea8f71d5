"""Somebody renamed a path and left its parameter: an update added the parameter of the new name, and never told of
the old one, with which the document is invalid."""

from __future__ import annotations

import pytest
from learning import called, model

from mirror.openapi.document import Style
from mirror.openapi.output import brought_into
from mirror.openapi.reading import read

SERVICE = model(called("GET", "/tickets/1", "/tickets/<int:ticket_id>")).settled()[""].judged()
LEARNED = brought_into("", SERVICE, Style(), None).text


def test_a_parameter_that_is_in_no_path_is_told() -> None:
    renamed = LEARNED.replace("/tickets/{ticket_id}:", "/tickets/{id}:")
    for _ in range(2):
        updated = brought_into(renamed, SERVICE, Style(), None)
        assert list(map(str, updated.conflicts)) == [
            'GET /tickets/{id}: #/paths/~1tickets~1{id}/get/parameters/0/name is "ticket_id", '
            "but the path has no such parameter"
        ]
        renamed = updated.text
    assert not updated.changed
    assert not updated.added
    # It was added as one that need not be there: which the path's is never.
    parameters = read(renamed, "it")["paths"]["/tickets/{id}"]["get"]["parameters"]
    assert [each["required"] for each in parameters if each["in"] == "path"] == [True, True]


@pytest.mark.parametrize("where", ["operation", "path"])
def test_where_both_are_renamed_nothing_is(where: str) -> None:
    renamed = LEARNED.replace("ticket_id", "id")
    if where == "path":
        begin, end = renamed.index("      parameters:"), renamed.index("      responses:")
        item = "\n".join(line[2:] for line in renamed[begin:end].splitlines())
        renamed = renamed[:begin] + renamed[end:]
        renamed = renamed.replace("  /tickets/{id}:\n", f"  /tickets/{{id}}:\n{item}\n")
    updated = brought_into(renamed, SERVICE, Style(), None)
    assert updated.conflicts == []
    assert updated.text == renamed
