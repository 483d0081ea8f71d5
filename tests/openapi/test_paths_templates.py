"""Routes of frameworks as OpenAPI writes them."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from mirror.openapi.paths import template_of

ROUTES = [
    # Werkzeug
    ("/", "/", {}),
    ("/orders", "/orders", {}),
    ("/orders/", "/orders/", {}),
    ("/orders/<int:order_id>", "/orders/{order_id}", {"order_id": "int"}),
    ("/orders/<order_id>", "/orders/{order_id}", {"order_id": "string"}),
    ("/files/<path:p>", "/files/{p}", {"p": "path"}),
    ("/x/<any(a,b):x>/y", "/x/{x}/y", {"x": "any(a,b)"}),
    ('/x/<any("a b", "c"):x>', "/x/{x}", {"x": 'any("a b", "c")'}),
    ("/<string(length=2):lang>/about", "/{lang}/about", {"lang": "string(length=2)"}),
    ("/<uuid:u>", "/{u}", {"u": "uuid"}),
    ("/<float(signed=True):lat>,<float:lon>", "/{lat},{lon}", {"lat": "float(signed=True)", "lon": "float"}),
    ("/<a>-<int:b>.json", "/{a}-{b}.json", {"a": "string", "b": "int"}),
    ("/<regex('[a-c]{3}'):code>", "/{code}", {"code": "regex('[a-c]{3}')"}),
    ("/users/<hashid:user>", "/users/{user}", {"user": "hashid"}),
    ("api|/orders/<int:n>", "/orders/{n}", {"n": "int"}),
    ("//a//<int:n>//", "//a//{n}//", {"n": "int"}),
    ("/curly/{x}/<int:n>", "/curly/%7Bx%7D/{n}", {"n": "int"}),
    ("/caf\u00e9/<int:n>", "/caf\u00e9/{n}", {"n": "int"}),
    # Starlette, FastAPI, Litestar
    ("/items/{id}", "/items/{id}", {}),
    ("/items/{id:int}", "/items/{id}", {"id": "int"}),
    ("/files/{p:path}", "/files/{p}", {"p": "path"}),
    ("/u/{u:uuid}/v/{f:float}/{s:str}", "/u/{u}/v/{f}/{s}", {"u": "uuid", "f": "float", "s": "str"}),
    ("/t1/items/{item_id}/", "/t1/items/{item_id}/", {}),
    ("/{name}.{ext}", "/{name}.{ext}", {}),
    # Sanic, aiohttp
    ("/users/<user_id:int>", "/users/{user_id}", {"user_id": "int"}),
    (r"/users/{user_id:\d{1,3}}", "/users/{user_id}", {"user_id": r"\d{1,3}"}),
    # Django, Django Ninja
    ("/items/{int:item_id}", "/items/{item_id}", {"item_id": "int"}),
    ("users/<int:pk>/", "/users/{pk}/", {"pk": "int"}),
    ("articles/<slug:slug>", "/articles/{slug}", {"slug": "slug"}),
    (r"^users/(?P<pk>[^/.]+)/$", "/users/{pk}/", {}),
    (r"^users/(?P<pk>\d+)/orders/(?P<order>[0-9]{4})/$", "/users/{pk}/orders/{order}/", {"pk": "int", "order": "int"}),
    (r"^users\.(?P<format>[a-z0-9]+)/?$", "/users.{format}/", {}),
    (r"^files/(?P<path>.*)$", "/files/{path}", {"path": "path"}),
    (r"^a/(?P<x>(?:b|c)[)\]]{2}\))/d\Z", "/a/{x}/d", {}),
    # With a host
    ("https://api.example.com/orders/{id}", "/orders/{id}", {}),
]


@pytest.mark.parametrize(("route", "path", "converters"), ROUTES, ids=[route for route, *_ in ROUTES])
def test_route(route: str, path: str, converters: dict[str, str]) -> None:
    assert template_of(route) == (path, converters)


@given(st.text(alphabet="<>{}():/?P|\\^$[]abc,= \u00e9", max_size=40))
def test_whatever_a_route_is_a_template_begins_with_a_slash(route: str) -> None:
    assert template_of(route).path.startswith("/")
