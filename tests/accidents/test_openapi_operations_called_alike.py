"""Accident: of two routers with functions of the same names, one had IDs such as ``list_get``, the other
``get_users_by_id``; and what ``generate_unique_id_function`` made was not asked for."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from learning import called, learned_from, model
from msgspec.structs import replace

from mirror import Route
from mirror.adapters.known import starlette_routes
from mirror.openapi.document import openapi


def ids(document: dict[str, Any]) -> dict[str, str]:
    return {
        f"{method.upper()} {path}": each["operationId"]
        for path, item in document["paths"].items()
        for method, each in item.items()
    }


def seen(*operations: tuple[str, str, str]) -> dict[str, str]:
    made = [replace(called(method, path, path), route=Route(path, endpoint)) for method, path, endpoint in operations]
    found = ids(openapi(model(*made).settled()[""]))
    assert ids(openapi(model(*reversed(made)).settled()[""])) == found
    return found


def test_names_of_one_kind() -> None:
    found = seen(
        *(("GET", f"/{each}/", "list_") for each in ("users", "orders")),
        *(("GET", f"/{each}/{{id}}", "get") for each in ("users", "orders")),
        *(("POST", f"/{each}/", "create") for each in ("users", "orders")),
        ("GET", "/health", "health"),
    )
    assert sorted(found.values()) == [
        "health", "orders_create", "orders_get", "orders_list", "users_create", "users_get", "users_list",
    ]  # fmt: skip
    assert found["GET /orders/{id}"] == "orders_get"


@pytest.mark.parametrize(
    ("operations", "names"),
    [
        ([("GET", "/a", "a"), ("POST", "/a", "a")], ["a_get", "a_post"]),
        ([("GET", "/a", "do"), ("POST", "/a/{n}", "do")], ["do_get", "do_post"]),
        ([("GET", "/a", "do"), ("GET", "/a/{n}", "do")], ["get_a", "get_a_by_n"]),
        ([("GET", "/a", "do"), ("POST", "/a", "do"), ("GET", "/b", "do")], ["a_do_get", "a_do_post", "b_do_get"]),
        ([("GET", "/a", "do"), ("GET", "/b", "do"), ("GET", "/c", "a_do")], ["a_do", "a_do_get", "b_do_get"]),
        ([("GET", "/a/b-c", ""), ("GET", "/a-b/c", "")], ["get_a_b_c", "get_a_b_c_2"]),
    ],
)
def test_the_shortest_names_that_tell_them_apart(operations: list[tuple[str, str, str]], names: list[str]) -> None:
    assert sorted(seen(*operations).values()) == names


def tag_and_name(route: Any) -> str:
    return f"{route.tags[0]}-{route.name}"


def shop(of_app: Any, of_router: Any = None) -> FastAPI:
    app = FastAPI(**({"generate_unique_id_function": of_app} if of_app else {}))
    outer = APIRouter(prefix="/v1", tags=["v1"])
    for name in ("users", "orders"):
        router = APIRouter(
            prefix=f"/{name}", tags=[name], **({"generate_unique_id_function": of_router} if of_router else {})
        )

        @router.get("/")
        def every() -> None: ...

        @router.get("/{n}", operation_id=f"{name}_own")
        def one(n: int) -> None: ...

        if name == "users":
            app.include_router(router)
        else:
            outer.include_router(router)
    app.include_router(outer)

    @app.get("/direct", tags=["direct"])
    def direct() -> None: ...

    return app


@pytest.mark.parametrize(
    ("of_app", "of_router"),
    [(tag_and_name, None), (None, tag_and_name), (tag_and_name, lambda route: f"{route.path_format}!{route.name}")],
)
def test_ids_are_what_the_developers_make_of_routes(of_app: Any, of_router: Any) -> None:
    app = shop(of_app, of_router)
    service = learned_from(app, lambda client: [client.get("/users/"), client.get("/direct")])
    service.known.update(starlette_routes(app.router, ""))
    theirs = ids(app.openapi())
    if of_app is None:  # FastAPI's own is nobody's word
        theirs["GET /direct"] = "direct"
    assert ids(openapi(service)) == theirs


def fails(route: Any) -> str:
    if route.name == "every":
        raise ValueError(route)
    return str(route.name)


def test_a_function_that_fails_costs_nothing() -> None:
    router = APIRouter(prefix="/users")

    @router.get("/")
    def every() -> None: ...

    app = FastAPI()
    app.include_router(router)
    ((_, context),) = [(each, each.include_context) for each in app.router.routes if hasattr(each, "include_context")]
    context.generate_unique_id_function = fails
    assert [route.operation_id for route in starlette_routes(app.router, "") if route.endpoint == "every"] == [""]
