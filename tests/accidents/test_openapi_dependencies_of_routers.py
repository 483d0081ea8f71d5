"""Accident: FastAPI keeps routes of included routers as they were written, and mirror read them so: what their routers
and the application depend on was not there. Operations that ask for a token had no security at all."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Header, Query
from fastapi.security import APIKeyHeader, HTTPBearer
from learning import learned_from
from pydantic import BaseModel
from starlette.testclient import TestClient

from mirror.adapters.known import starlette_routes
from mirror.openapi.document import Style, openapi

FIELDS = {"Authorization": "Bearer abc", "X-Key": "k1", "X-Tenant": "a"}


class Problem(BaseModel):
    reason: str = ""


def tenant(x_tenant: str = Header(), trace: int = Query(3)) -> str:
    return x_tenant


def shop() -> FastAPI:
    inner = APIRouter(prefix="/inner", dependencies=[Depends(APIKeyHeader(name="X-Key"))])

    @inner.get("/{thing_id}")
    def thing(thing_id: int) -> None: ...

    @inner.get("/uncalled/{key}")
    def uncalled(key: str) -> None: ...

    def checked(thing_id: int) -> int:  # a path parameter, as the path has it
        return thing_id

    outer = APIRouter()
    outer.include_router(inner, dependencies=[Depends(HTTPBearer())], responses={409: {"model": Problem}})

    @outer.get("/free/{thing_id}", dependencies=[Depends(checked)])
    def free(thing_id: str) -> None: ...

    app = FastAPI(dependencies=[Depends(tenant)])
    app.include_router(outer, prefix="/v1")
    return app


def call(client: TestClient) -> None:
    for number in (1, 2):
        client.get(f"/v1/inner/{number}", headers=FIELDS)
        client.get(f"/v1/free/{number}", headers={"X-Tenant": "a"})


def parameters(operation: dict[str, Any]) -> set[tuple[str, str, bool]]:
    return {(each["in"], each["name"], each.get("required", False)) for each in operation["parameters"]}


def test_they_are_asked_for_as_fastapi_publishes_them() -> None:
    app = shop()
    service = learned_from(app, call)
    service.known.update(starlette_routes(app.router, ""))
    document, theirs = openapi(service, Style()), app.openapi()
    assert document["paths"].keys() == theirs["paths"].keys()
    for path, item in document["paths"].items():
        assert parameters(item["get"]) == parameters(theirs["paths"][path]["get"]), path
        assert bool(item["get"].get("security")) is ("security" in theirs["paths"][path]["get"]), path
    assert document["paths"]["/v1/inner/{thing_id}"]["get"]["security"] == [{"HTTPBearer": [], "APIKeyHeader": []}]
    assert document["paths"]["/v1/inner/uncalled/{key}"]["get"]["security"]


def test_whatever_was_called_before() -> None:
    """FastAPI makes the whole routes of a router when a request comes past it: they must not be other ones then."""
    app = shop()
    before = set(starlette_routes(app.router, ""))
    call(TestClient(app))
    assert set(starlette_routes(app.router, "")) == before


def test_a_dependency_that_cannot_be_read_claims_nothing() -> None:
    app = FastAPI()
    router = APIRouter()

    @router.get("/a/{number}")
    def shown(number: int) -> None: ...

    app.include_router(router)
    broken = Depends(tenant)
    app.routes[-1].include_context.dependencies.append(broken)
    object.__setattr__(broken, "dependency", 3)
    (route,) = starlette_routes(app.router, "")
    assert [(each.part, each.pointer) for each in route.declared] == [("path", "number")]
