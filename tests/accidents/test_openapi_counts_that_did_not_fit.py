"""Accident: the number of operations that was told was not that of the document: a HEAD beside its GET was counted, a
route that only ever answered 405 was told as called and written as not exercised. And the report called "never found"
what was skipped for its method, written in small letters."""

from __future__ import annotations

from learning import called, model
from msgspec.structs import replace

from mirror.exchange import KnownRoute
from mirror.openapi.document import openapi
from mirror.openapi.model import with_known_method
from mirror.openapi.uncalled import uncalled_operations
from mirror.report.collection import spot_of


def test_as_many_operations_as_are_written() -> None:
    seen = [called("GET", "/a", "/a"), called("HEAD", "/a", "/a", b""), called("GET", "/b", "/b", status=405)]
    service = model(*seen, KnownRoute("/b", "POST", "b"), KnownRoute("/b", "GET", "b")).settled()[""]
    operations = service.operations()
    listed = dict(uncalled_operations(service.known, operations))
    paths = openapi(service)["paths"]
    written = {f"{method.upper()} {path}" for path, item in paths.items() for method in item}
    assert written == operations.keys() | listed.keys() == {"GET /a", "GET /b", "POST /b"}
    assert operations.keys() == {"GET /a"}


def test_small_letters_are_skipped_for_the_same_reason() -> None:
    exchange = called("GET", "/a", "/a")
    small = replace(exchange, request=replace(exchange.request, method="options"))
    assert spot_of(with_known_method(small)).aside == "OPTIONS"
