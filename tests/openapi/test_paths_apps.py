"""Templates from the exchanges of real little applications, as another tool would have written them: without routes."""

# Annotations are not postponed: FastAPI reads those of the views below, which know the variables of their tests.

import re
import uuid
from typing import Any

import msgspec
from fastapi import APIRouter, FastAPI, HTTPException
from fastapi.testclient import TestClient

from mirror import Mirror
from mirror.openapi.kin import kin_of
from mirror.openapi.model import Service
from mirror.openapi.parameters import parameters


def store() -> FastAPI:
    app = FastAPI()
    api = APIRouter(prefix="/api/v1")
    orders: dict[int, dict[str, Any]] = {n: {"id": n, "status": "new", "total": 9.5} for n in (1, 2, 3)}
    users = {name: {"username": name, "email": f"{name}@example.com"} for name in ("ann", "bob", "eve")}
    things = {uuid.UUID(int=n): {"id": str(uuid.UUID(int=n)), "label": "x"} for n in (1, 2)}

    def one(kept: Any, key: Any) -> Any:
        if key not in kept:
            raise HTTPException(404, "not found")
        return kept[key]

    @api.get("/orders")
    def get_orders() -> Any:
        return list(orders.values())

    @api.get("/orders/export")
    def export() -> Any:
        return {"url": "https://example.com/x"}

    @api.get("/orders/{order_id}")
    def get_order(order_id: int) -> Any:
        return one(orders, order_id)

    @api.post("/orders/{order_id}/{verb}", include_in_schema=False)
    def other(order_id: int, verb: str) -> Any:
        raise HTTPException(404)

    @api.get("/users")
    def get_users() -> Any:
        return list(users.values())

    @api.get("/users/me")
    def me() -> Any:
        return users["ann"]

    @api.get("/users/{username}")
    def get_user(username: str) -> Any:
        return one(users, username)

    @api.delete("/users/{username}", status_code=204)
    def delete_user(username: str) -> None:
        one(users, username)

    @api.get("/users/{username}/things")
    def get_things(username: str) -> Any:
        return [{**each, "username": username} for each in things.values()]

    @api.get("/users/{username}/things/{thing_id}")
    def get_thing(username: str, thing_id: uuid.UUID) -> Any:
        return one(things, thing_id)

    @api.post("/users/{username}/block")
    def block(username: str) -> Any:
        return one(users, username)

    @api.post("/users/{username}/greet")
    def greet(username: str) -> Any:
        return one(users, username)

    @app.get("/health")
    def health() -> Any:
        return {"status": "ok"}

    app.include_router(api)
    return app


def use(client: TestClient) -> None:
    for path in (
        "/health /nothing /api/v1/orders /api/v1/orders/export /api/v1/orders/1 /api/v1/orders/2 /api/v1/orders/99 "
        "/api/v1/orders/abc /api/v1/users /api/v1/users/me /api/v1/users/ann /api/v1/users/bob /api/v1/users/ghost "
        f"/api/v1/users/eve/things /api/v1/users/eve/things/{uuid.UUID(int=1)} /api/v1/users/bob/things/zzz"
    ).split():
        client.get(path)
    for name in ("ann", "eve"):
        client.post(f"/api/v1/users/{name}/block")
        client.post(f"/api/v1/users/{name}/greet")
    client.delete("/api/v1/users/bob")
    client.delete("/api/v1/users/ghost")


def blank(template: str) -> str:
    return re.sub(r"\{\w+\}", "{}", template)


def test_values_alone_give_the_templates_that_are_declared() -> None:
    app = store()
    service = Service()
    with Mirror(attach=True) as mirror:
        with TestClient(app) as client:
            use(client)
        for exchange in mirror.exchanges:
            service.add(msgspec.structs.replace(exchange, route=None, gateway="http"))
    declared = {
        f"{method.upper()} {path}": operation
        for path, item in app.openapi()["paths"].items()
        for method, operation in item.items()
    }
    operations = service.operations()
    assert {blank(key) for key in operations} == {blank(key) for key in declared}
    assert set(operations) == set(declared), "the names are told by refusals and by the answers"
    kin = kin_of(operations)
    for key, operation in operations.items():
        found = {each["name"]: each["schema"] for each in parameters(operation, key, (), kin)}
        for each in declared[key].get("parameters", ()):
            assert found[each["name"]] == {
                name: each["schema"][name] for name in ("type", "format") if name in each["schema"]
            }
