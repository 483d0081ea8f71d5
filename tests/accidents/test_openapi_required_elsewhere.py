"""A query parameter was called required of one operation, called once, because another one had refused to do without a
parameter of that name."""

from __future__ import annotations

import pytest
from factories import make_exchange, make_request, make_response
from learning import called

from mirror import Exchange, Route
from mirror.openapi.document import openapi
from mirror.openapi.explain import explain
from mirror.openapi.model import Service

REFUSED = b'{"errors": {"query": {"q": ["Missing data for required field."]}}}'


def service(*exchanges: Exchange) -> Service:
    found = Service()
    for each in exchanges:
        found.add(each)
    return found


def required(found: Service, path: str) -> bool:
    (parameter,) = openapi(found)["paths"][path]["get"]["parameters"]
    return bool(parameter.get("required", False))


SEARCH = [called("GET", "/search", "/search", REFUSED, 422), called("GET", "/search?q=a", "/search")]


@pytest.mark.parametrize(("times", "is_required"), [(1, False), (2, False), (3, True)])
def test_its_own_requests_say_it(times: int, is_required: bool) -> None:
    found = service(*SEARCH, *[called("GET", "/items?q=b", "/items")] * times)
    assert required(found, "/search")
    assert required(found, "/items") is is_required


def test_a_header_field_is_what_all_have_in_common() -> None:
    def with_tenant(path: str) -> Exchange:
        request = make_request("GET", path, headers=[("X-Tenant", "t")])
        return make_exchange(request, make_response(200), route=Route(path, "x"), gateway="wsgi")

    refused = b'{"detail": [{"loc": ["header", "x-tenant"], "type": "missing", "msg": "Field required"}]}'
    found = service(called("GET", "/a", "/a", refused, 422), with_tenant("/a"), with_tenant("/b"))
    assert required(found, "/b")
    assert explain(found, "GET /b header X-Tenant")[-1] == (
        "of other operations: named by 1 refusal; 1 time as missing"
    )
