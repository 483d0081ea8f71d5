"""A reason that ended with a blank was reported as one with a line break, and one of nothing but breaks was not."""

from __future__ import annotations

from factories import make_response

from mirror.wire.message import write_response


def test_only_a_line_break_is_reported() -> None:
    assert not write_response(make_response(200, reason="Fine "), "HEAD").mends
    assert write_response(make_response(200, reason="\r\n"), "HEAD").mends == ("a line break in the reason phrase",)
