"""Templates from paths alone: what a suite's requests show of routes that nobody told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from mirror.openapi.evidence import Answer, Content, Refusal, fate_of
from mirror.openapi.paths import Tree

Seen = tuple[Any, ...]
"""``"GET /path"``, then a status, a JSON body or both, and the place of a refusal."""


def named(value: Any, name: str = "") -> Iterator[tuple[str | int, str]]:
    """The values in a body, with their names."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from named(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from named(each, name)
    elif isinstance(value, str | int):
        yield value, name


def echoes(body: Any) -> dict[str | int, set[str]]:
    found: dict[str | int, set[str]] = {}
    for value, name in named(body):
        found.setdefault(value, set()).add(name)
    return found


def observe(tree: Tree, seen: Seen) -> None:
    """Add an exchange as the model does."""
    method, _, path = seen[0].partition(" ")
    status = next((each for each in seen[1:] if isinstance(each, int)), 200)
    body = next((each for each in seen[1:] if isinstance(each, dict | list)), None)
    operation = tree.add(method, path, echoes(body), fate_of(status))
    operation.count += 1
    answer = operation.answers.setdefault(status, Answer())
    answer.count += 1
    if body is not None:
        content = answer.contents.setdefault("application/json", Content())
        content.count += 1
        content.shape.add(body)
    for place in seen[1:]:
        if isinstance(place, str):
            operation.refusals.setdefault(place, Refusal()).count += 1


def tree_of(all_seen: Iterable[Seen]) -> Tree:
    tree = Tree()
    for seen in all_seen:
        observe(tree, seen)
    return tree


def order(number: int) -> dict[str, Any]:
    return {"id": number, "status": "new", "total": 3.5}


def user(name: str) -> dict[str, Any]:
    return {"username": name, "email": f"{name}@example.com", "age": 3}


def post(slug: str) -> dict[str, Any]:
    return {"slug": slug, "title": "A title", "body": "..."}


def country(code: str) -> dict[str, Any]:
    return {"name": f"Land {code}", "population": 1000, "capital": "City"}


SETS: dict[str, tuple[list[Seen], str]] = {
    # Evident values
    "integers": ([("GET /orders/1", order(1)), ("GET /orders/2", order(2))], "GET /orders/{order_id}"),
    "one integer": ([("GET /orders/1", order(1))], "GET /orders/{order_id}"),
    "collection and member": (
        [("GET /orders", [order(1)]), ("POST /orders", 201, order(1)), ("DELETE /orders/1", 204)],
        "GET /orders, POST /orders, DELETE /orders/{order_id}",
    ),
    "uuid": ([("GET /users/3fa85f64-5717-4562-b3fc-2c963f66afa6",)], "GET /users/{user_id}"),
    "object id": ([("GET /users/507f1f77bcf86cd799439011",)], "GET /users/{user_id}"),
    "ulid": ([("GET /events/01ARZ3NDEKTSV4RRFFQ69G5FAV",)], "GET /events/{event_id}"),
    "prefixed id": ([("GET /orders/ord_8f3k2",), ("GET /orders/ord_9zz41",)], "GET /orders/{order_id}"),
    "stripe id": ([("GET /v1/charges/ch_1NirD82eZvKYlo2CIvbtLWuY",)], "GET /v1/charges/{charge_id}"),
    "invoice number": ([("GET /invoices/INV-2024-001",)], "GET /invoices/{invoice_id}"),
    "sku": (
        [("GET /products/SKU-1",), ("PUT /products/SKU-2", 200)],
        "GET /products/{product_id}, PUT /products/{product_id}",
    ),
    "date": ([("GET /reports/2024-05-01",)], "GET /reports/{report_id}"),
    "email": (
        [("GET /users/ann@example.com",), ("DELETE /users/ann%40example.com", 204)],
        "GET /users/{user_id}, DELETE /users/{user_id}",
    ),
    "short token": ([("GET /links/dQw4w9WgXcQ",)], "GET /links/{link_id}"),
    "sha256": ([("GET /blobs/" + "9f86d081884c7d659a2feaa0c55ad015" * 2,)], "GET /blobs/{blob_id}"),
    "id and slug": ([("GET /posts/42-hello-brave-world",)], "GET /posts/{post_id}"),
    "release": (
        [("GET /packages/flask/3.0.2", {"name": "flask", "version": "3.0.2"})],
        "GET /packages/{name}/{version}",
    ),
    "blanks": ([("GET /cities/New%20York",)], "GET /cities/{city_id}"),
    "encoded slash": ([("GET /files/a%2Fb",)], "GET /files/{file_id}"),
    "year and month": ([("GET /archive/2024/05",)], "GET /archive/{archive_id}/{archive_id_2}"),
    # Nested
    "nested": (
        [("GET /users/1/orders/7", order(7)), ("GET /users/1/orders", [order(7)])],
        "GET /users/{user_id}/orders/{order_id}, GET /users/{user_id}/orders",
    ),
    "nested of the same name": ([("GET /users/1/users/2",)], "GET /users/{user_id}/users/{user_id_2}"),
    "deep": (
        [("GET /orgs/1/teams/2/members/3",)],
        "GET /orgs/{org_id}/teams/{team_id}/members/{member_id}",
    ),
    "properties of a member": (
        [
            ("GET /users/1", {"id": 1, "name": "x"}),
            ("GET /users/1/address", {"street": "x", "city": "y"}),
            ("GET /users/1/avatar",),
        ],
        "GET /users/{user_id}, GET /users/{user_id}/address, GET /users/{user_id}/avatar",
    ),
    "actions": (
        [
            (f"POST /orders/{n}/{verb}", order(n))
            for n in (1, 2)
            for verb in ("cancel", "ship", "reopen", "assign", "split")
        ],
        "POST /orders/{order_id}/cancel, POST /orders/{order_id}/ship, POST /orders/{order_id}/reopen, "
        "POST /orders/{order_id}/assign, POST /orders/{order_id}/split",
    ),
    "settings of a member": (
        [
            (f"{method} /users/1/{what}", {"theme": "x", "size": 1})
            for method in ("GET", "PUT")
            for what in ("settings", "layout")
        ],
        "GET /users/{user_id}/settings, PUT /users/{user_id}/settings, "
        "GET /users/{user_id}/layout, PUT /users/{user_id}/layout",
    ),
    # Literal siblings
    "root": (
        [
            ("GET /orders", [{"id": 1, "name": "x"}]),
            ("GET /products", [{"id": 1, "name": "x"}]),
            ("GET /tags", [{"id": 1, "name": "x"}]),
        ],
        "GET /orders, GET /products, GET /tags",
    ),
    "below api": (
        [(f"GET /api/{what}", [{"id": 1, "name": "x"}]) for what in ("orders", "products", "tags")],
        "GET /api/orders, GET /api/products, GET /api/tags",
    ),
    "versions": (
        [("GET /api/v1/orders/1", order(1)), ("GET /api/v2/orders/1", order(1))],
        "GET /api/v1/orders/{order_id}, GET /api/v2/orders/{order_id}",
    ),
    "dotted versions": (
        [("GET /1.0/orders/1", order(1)), ("GET /v2.1/orders/1", order(1)), ("GET /v1beta1/orders/1",)],
        "GET /1.0/orders/{order_id}, GET /v2.1/orders/{order_id}, GET /v1beta1/orders/{order_id}",
    ),
    "me": (
        [("GET /users/me", user("ann")), ("GET /users/1", user("bob")), ("GET /users/2", user("eve"))],
        "GET /users/me, GET /users/{user_id}",
    ),
    "me beside names": (
        [("GET /users/me", user("ann")), ("GET /users/ann", user("ann")), ("GET /users/bob", user("bob"))],
        "GET /users/me, GET /users/{username}",
    ),
    "search": (
        [("GET /users/search", [user("ann")]), ("GET /users/7", user("bob"))],
        "GET /users/search, GET /users/{user_id}",
    ),
    "export": (
        [("GET /users/export.csv",), ("GET /users/7", user("bob"))],
        "GET /users/export.csv, GET /users/{user_id}",
    ),
    "unknown word beside integers": (
        [("GET /orders/overview", {"total": 3, "open": 1}), ("GET /orders/1", order(1)), ("GET /orders/2", order(2))],
        "GET /orders/overview, GET /orders/{order_id}",
    ),
    "filters of a collection": (
        [
            ("GET /orders", [order(1)]),
            ("GET /orders/late", [order(1)]),
            ("GET /orders/paid", [order(1)]),
            ("GET /orders/lost", [order(1)]),
        ],
        "GET /orders, GET /orders/late, GET /orders/paid, GET /orders/lost",
    ),
    "periods": (
        [(f"GET /reports/{each}", {"period": each, "sum": 1}) for each in ("daily", "weekly", "monthly")],
        "GET /reports/daily, GET /reports/weekly, GET /reports/monthly",
    ),
    "bulk": (
        [("POST /orders/bulk", 201, [order(1)]), ("POST /orders/bulk-cancel", 200), ("GET /orders/1", order(1))],
        "POST /orders/bulk, POST /orders/bulk-cancel, GET /orders/{order_id}",
    ),
    "auth": (
        [
            ("POST /auth/login", {"token": "x", "type": "y"}),
            ("POST /auth/register", {"token": "x", "type": "y"}),
            ("POST /auth/magic-link", 204),
        ],
        "POST /auth/login, POST /auth/register, POST /auth/magic-link",
    ),
    "oauth2": (
        [("GET /auth/oauth2/callback",), ("GET /auth/saml/callback",)],
        "GET /auth/oauth2/callback, GET /auth/saml/callback",
    ),
    "admin": (
        [(f"GET /admin/{what}", [{"id": 1, "name": "x"}]) for what in ("users", "orders", "roles", "audits")],
        "GET /admin/users, GET /admin/orders, GET /admin/roles, GET /admin/audits",
    ),
    "area": (
        [(f"GET /shop/{what}", [{"id": 1, "name": "x"}]) for what in ("users", "orders", "roles", "audits")],
        "GET /shop/users, GET /shop/orders, GET /shop/roles, GET /shop/audits",
    ),
    "area in the plural": (
        [(f"GET /sales/{what}", [{"id": 1, "name": "x"}]) for what in ("users", "orders", "roles")],
        "GET /sales/users, GET /sales/orders, GET /sales/roles",
    ),
    "procedures": (
        [("POST /rpc/getUser", user("x")), ("POST /rpc/getOwner", user("x")), ("POST /rpc/getAdmin", user("x"))],
        "POST /rpc/getUser, POST /rpc/getOwner, POST /rpc/getAdmin",
    ),
    "json api": (
        [
            ("GET /blog/articles", {"data": [{"type": "articles", "id": "1", "attributes": {}}]}),
            ("GET /blog/articles/1", {"data": {"type": "articles", "id": "1", "attributes": {}}}),
            ("GET /blog/articles/1/comments", {"data": [{"type": "comments", "id": "4", "attributes": {}}]}),
        ],
        "GET /blog/articles, GET /blog/articles/{article_id}, GET /blog/articles/{article_id}/comments",
    ),
    "health": (
        [("GET /health", {"status": "ok"}), ("GET /ready", {"status": "ok"}), ("GET /version", {"version": "1"})],
        "GET /health, GET /ready, GET /version",
    ),
    "root itself": ([("GET /", {"hello": "world"})], "GET /"),
    "files of the root": ([("GET /robots.txt",), ("GET /sitemap.xml",)], "GET /robots.txt, GET /sitemap.xml"),
    "trailing slashes": (
        [("GET /orders/", [order(1)]), ("GET /orders/1/", order(1)), ("PUT /orders/1", 200)],
        "GET /orders/, GET /orders/{order_id}/, PUT /orders/{order_id}",
    ),
    "double slashes": ([("GET //orders//1",)], "GET //orders//{order_id}"),
    "braces": ([("GET /orders/%7Bid%7D", 404), ("GET /orders/1", order(1))], "GET /orders/{order_id}"),
    # Words that are values
    "usernames": (
        [("GET /users/alice", user("alice")), ("GET /users/bob", user("bob"))],
        "GET /users/{username}",
    ),
    "one username": ([("GET /users/alice", user("alice"))], "GET /users/{username}"),
    "usernames with something below": (
        [
            ("GET /users/alice", user("alice")),
            ("GET /users/alice/posts", [{"author": "alice"}]),
            ("GET /users/bob/posts", [{"author": "bob"}]),
        ],
        "GET /users/{username}, GET /users/{username}/posts",
    ),
    "slugs": (
        [("GET /posts/hello-world", post("hello-world")), ("GET /posts/second", post("second"))],
        "GET /posts/{slug}",
    ),
    "slug in another case": ([("GET /countries/de", {"code": "DE", "name": "Germany"})], "GET /countries/{code}"),
    "codes without an echo": (
        [(f"GET /countries/{code}", country(code.title())) for code in ("de", "fr", "it")],
        "GET /countries/{country_id}",
    ),
    "currencies": (
        [("GET /rates/USD/EUR", {"base": "USD", "quote": "EUR", "rate": 1.1})],
        "GET /rates/{base}/{quote}",
    ),
    "owner and name": (
        [
            ("GET /repos/alice/hello", {"owner": "alice", "name": "hello"}),
            ("GET /repos/bob/world", {"owner": "bob", "name": "world"}),
        ],
        "GET /repos/{owner}/{name}",
    ),
    "owner and name, once": (
        [("GET /repos/alice/hello", {"owner": "alice", "name": "hello"})],
        "GET /repos/{owner}/{name}",
    ),
    "tags put and deleted": (
        [("PUT /posts/1/tags/red", 204), ("DELETE /posts/1/tags/red", 204)],
        "PUT /posts/{post_id}/tags/{tag_id}, DELETE /posts/{post_id}/tags/{tag_id}",
    ),
    "numbered words": ([("GET /items/item1", {"x": 1}), ("GET /items/item2", {"x": 2})], "GET /items/{item_id}"),
    "keys": (
        [
            (f"{method} /cache/{key}", {"key": key, "value": "x"})
            for method in ("GET", "PUT")
            for key in ("colour", "size")
        ],
        "GET /cache/{key}, PUT /cache/{key}",
    ),
    "words beside identifiers": (
        [
            ("GET /products/sku_8832", {"id": "sku_8832", "name": "x"}),
            ("GET /products/lamp", {"id": "lamp", "name": "y"}),
        ],
        "GET /products/{product_id}",
    ),
    "one of two words echoed": (
        [("GET /users/alice", user("alice")), ("GET /users/bob", user("robert"))],
        "GET /users/{username}",
    ),
    "files": (
        [("GET /files/report.pdf", {"name": "report.pdf"}), ("GET /files/logo.png", {"name": "logo.png"})],
        "GET /files/{name}",
    ),
    "many words": (
        [
            (f"GET /words/{a}{b}", {"n": 1})
            for a in "abcdefghijklmnopqrst"
            for b in ("ice", "oat", "at", "ink", "all", "urk")
        ],
        "GET /words/{word_id}",
    ),
    # What was not found, what was refused
    "wrong value": ([("GET /items/1", order(1)), ("GET /items/abc", 422)], "GET /items/{item_id}"),
    "wrong value that is a doing": ([("GET /items/1", order(1)), ("GET /items/none", 422)], "GET /items/{item_id}"),
    "wrong value told": ([("GET /items/abc", 422, "path item_id")], "GET /items/{item_id}"),
    "name told": ([("GET /items/abc", 422, "path number"), ("GET /items/1", order(1))], "GET /items/{number}"),
    "wrong value of somebody who is turned away": (
        [("GET /flags/x-1", user("x-1")), ("GET /flags/old", 404), ("GET /flags/old", 401), ("GET /flags/old", 403)],
        "GET /flags/{username}",
    ),
    "only turned away": (
        [("GET /flags/1", order(1)), ("GET /flags/mine", 401)],
        "GET /flags/{flag_id}, GET /flags/mine",
    ),
    "missing member": (
        [("GET /users", [user("a")]), ("GET /users/alice", user("alice")), ("GET /users/ghost", 404)],
        "GET /users, GET /users/{username}",
    ),
    "missing member alone": (
        [("GET /users", [user("a")]), ("GET /users/ghost", 404)],
        "GET /users, GET /users/{user_id}",
    ),
    "missing number alone": (
        [("GET /orders", [order(1)]), ("GET /orders/999", 404)],
        "GET /orders, GET /orders/{order_id}",
    ),
    "missing route": (
        [("GET /orders", [order(1)]), ("GET /nope", 404), ("GET /nope/1", 404), ("GET /health", 404)],
        "GET /orders",
    ),
    "missing number at the root": ([("GET /orders", [order(1)]), ("GET /12", 404)], "GET /orders"),
    "refused creation beside members": (
        [("POST /orders/batch-import", 422), ("GET /orders/1", order(1)), ("POST /orders", 201)],
        "POST /orders/batch-import, GET /orders/{order_id}, POST /orders",
    ),
    "method that is not there": ([("GET /orders", [order(1)]), ("PATCH /orders", 405)], "GET /orders"),
    "unauthorised": (
        [("GET /users/me", 401), ("GET /users/me", user("x")), ("GET /users/1", 401)],
        "GET /users/me, GET /users/{user_id}",
    ),
    # Names
    "irregular plurals": (
        [
            ("GET /people/1",),
            ("GET /categories/1",),
            ("GET /addresses/1",),
            ("GET /boxes/1",),
            ("GET /movies/1",),
            ("GET /series/1",),
        ],
        "GET /people/{person_id}, GET /categories/{category_id}, GET /addresses/{address_id}, GET /boxes/{box_id}, "
        "GET /movies/{movie_id}, GET /series/{series_id}",
    ),
    "compound names": (
        [("GET /order-items/1",), ("GET /lineItems/1",), ("GET /user_groups/1",)],
        "GET /order-items/{order_item_id}, GET /lineItems/{line_item_id}, GET /user_groups/{user_group_id}",
    ),
    "named by the answer": (
        [("GET /archive/2024", {"year": 2024, "posts": 3}), ("GET /devices/TH-01", {"serial": "TH-01", "on": True})],
        "GET /archive/{year}, GET /devices/{serial}",
    ),
    "identifiers keep the collection's name": (
        [
            ("GET /users/1", {"id": 1, "version": 1}),
            ("GET /users/1/orders/4", {"id": 4, "user_id": 1}),
            ("GET /users/1/orders/4/lines/9", {"lineId": 9, "count": 9}),
        ],
        "GET /users/{user_id}, GET /users/{user_id}/orders/{order_id}, "
        "GET /users/{user_id}/orders/{order_id}/lines/{line_id}",
    ),
    "words that say a kind": (
        [("GET /reports/sales", {"type": "sales", "sum": 1}), ("GET /users/admins", [{"role": "admins"}])],
        "GET /reports/sales, GET /users/admins",
    ),
    "a value before a value": (
        [("GET /forecast/berlin/2024-05-01", {"city": "berlin", "day": "2024-05-01"})],
        "GET /forecast/{city}/{day}",
    ),
    "owners with much below": (
        [
            ("GET /repos/octocat/hello", {"owner": "octocat", "name": "hello"}),
            *[(f"GET /repos/octocat/hello/issues/{n}", {"number": n, "title": "x"}) for n in range(5)],
            ("GET /repos/pallets/flask", {"owner": "pallets", "name": "flask"}),
        ],
        "GET /repos/{owner}/{name}, GET /repos/{owner}/{name}/issues/{number}",
    ),
    "names in names": (
        [
            (
                f"GET /api/v1/namespaces/{space}/pods/{pod}",
                {"kind": "Pod", "metadata": {"name": pod, "namespace": space}},
            )
            for space, pod in (("default", "web"), ("kube-system", "dns"))
        ],
        "GET /api/v1/namespaces/{namespace}/pods/{name}",
    ),
    "clearing what is done": (
        [("DELETE /todos/completed", 204), ("DELETE /todos/1", 204), ("GET /todos/99", 404), ("GET /todos/abc", 422)],
        "DELETE /todos/completed, DELETE /todos/{todo_id}, GET /todos/{todo_id}",
    ),
    "international": (
        [("GET /accounts/DE89370400440532013000", {"iban": "DE89370400440532013000"})],
        "GET /accounts/{iban}",
    ),
    "cover of a book": (
        [("GET /books/9780140449136", {"isbn": "9780140449136"}), ("GET /books/9780140449136/cover.png",)],
        "GET /books/{isbn}, GET /books/{isbn}/cover.png",
    ),
    "named by itself": (
        [("GET /isbn/9780141439587", 301), ("GET /language/fr", 303)],
        "GET /isbn/{isbn}, GET /language/{language}",
    ),
    "settings": (
        [("PUT /preferences/currency", 303), ("DELETE /preferences/currency", 303), ("PUT /preferences/theme", 303)],
        "PUT /preferences/currency, DELETE /preferences/currency, PUT /preferences/theme",
    ),
    "sent to the same with a slash": (
        [
            ("GET /orders", 307),
            ("GET /orders/", [order(1)]),
            ("GET /users/1/", 308),
            ("GET /users/1", user("ann")),
            ("POST /orders", 201),
        ],
        "GET /orders/, POST /orders, GET /users/{user_id}",
    ),
    "not found below nothing": (
        [("GET /reports/activity", {"added": 1}), ("GET /reports/books/", 404)],
        "GET /reports/activity",
    ),
    "ambiguous names": ([("GET /users/al8ce", {"login": "al8ce", "name": "al8ce"})], "GET /users/{user_id}"),
    "no name": ([("GET /8231", order(1)), ("GET /api/v1/7", order(1))], "GET /{id}, GET /api/v1/{id}"),
}


@pytest.mark.parametrize("name", SETS)
def test_templates(name: str) -> None:
    seen, expected = SETS[name]
    assert {key for key, _ in tree_of(seen).templates()} == set(expected.split(", "))
