"""Routes that no test called, and the names of models: in documents, beside people, and through the whole of a run."""

# Annotations are not postponed: FastAPI reads those of the views below.

import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from learning import called, model
from openapi_spec_validator import validate
from runs import run

from mirror import Exchange
from mirror.exchange import Declaration, KnownRoute
from mirror.openapi.document import Style, openapi
from mirror.openapi.model import Model
from mirror.openapi.output import brought_into
from mirror.openapi.version30 import downgrade

Json = dict[str, Any]


def document(*seen: Exchange | KnownRoute, **style: Any) -> Json:
    made = openapi(model(*seen).settled()[""], Style(**style))
    validate(made)
    validate(downgrade(made))
    return made


ONE = called("GET", "/orders/7", "/orders/<int:order_id>")
KNOWN = (
    KnownRoute("/orders/<int:order_id>", "GET", "shown"),
    KnownRoute("/orders/<int:order_id>", "DELETE", "orders.forget", "Forget an order.\n\nFor good."),
    KnownRoute("/files/<path:name>/<other>", "PUT"),
)


def test_it_is_listed_and_marked() -> None:
    paths = document(ONE, *KNOWN)["paths"]
    assert paths["/orders/{order_id}"]["delete"] == {
        "tags": ["orders"],
        "summary": "Forget an order",
        "description": "For good.",
        "operationId": "orders_forget",
        "parameters": [{"name": "order_id", "in": "path", "required": True, "schema": {"type": "integer"}}],
        "responses": {"default": {"description": "Not exercised by any test"}},
        "x-mirror": {"samples": 0},
    }
    assert [each["schema"] for each in paths["/files/{name}/{other}"]["put"]["parameters"]] == [
        {"type": "string"},
        {"type": "string"},
    ]
    assert paths["/orders/{order_id}"]["get"]["x-mirror"]["samples"] == 1


def test_it_can_be_left_out() -> None:
    made = document(ONE, *KNOWN, unexercised=False)
    assert list(made["paths"]) == ["/orders/{order_id}"]
    assert list(made["paths"]["/orders/{order_id}"]) == ["get"]
    assert "x-mirror" not in document(ONE, *KNOWN, evidence=False)["paths"]["/orders/{order_id}"]["delete"]


def test_a_path_is_there_once_and_its_neighbours_know_its_types() -> None:
    """Two paths that differ in the names of their parameters alone are one, in OpenAPI."""
    made = document(
        called("GET", "/items/7", "/items/{id}"),
        KnownRoute("/items/{item_id}", "DELETE"),
        KnownRoute("/items/{item_id}/prices/{price}", "GET"),
        KnownRoute("/items/{id}", "GET"),
    )["paths"]
    assert list(made) == ["/items/{id}", "/items/{item_id}/prices/{price}"]
    assert made["/items/{id}"]["delete"]["parameters"] == [
        {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    ]
    assert made["/items/{item_id}/prices/{price}"]["get"]["parameters"][1]["schema"] == {}


@pytest.mark.parametrize(
    "route",
    [
        KnownRoute("/openapi.json", "GET", "openapi"),
        KnownRoute("/docs", "GET", "docs"),
        KnownRoute("/static/<path:filename>", "GET", "admin.static"),
        KnownRoute("/x", "QUERY"),
        KnownRoute("/orders/{anything}", "GET"),
    ],
)
def test_what_is_no_operation_is_not_listed(route: KnownRoute) -> None:
    assert document(ONE, route) == document(ONE)


def test_an_application_belongs_to_the_parts_that_call_it() -> None:
    made = Model()
    made.add(called("GET", "/orders", "/orders"), "a")
    made.add(called("GET", "/carts", "/carts"), "b")
    made.know((KnownRoute("/carts", "GET"), KnownRoute("/carts", "DELETE")))
    made.know((KnownRoute("/orders", "GET"), KnownRoute("/orders", "PUT")))
    made.know((KnownRoute("/else", "GET"),))
    listed = {name: sorted(each.method for each in service.known) for name, service in made.settled().items()}
    assert listed == {"a": ["GET", "PUT"], "b": ["DELETE", "GET"]}


# Beside people --------------------------------------------------------------------------------------------------------


def brought(existing: str, *seen: Exchange | KnownRoute, **style: Any) -> str:
    updated = brought_into(existing, model(*seen).settled()[""], Style(**style), "3.1")
    assert not updated.conflicts
    return updated.text


DELETED = called("DELETE", "/orders/7", "/orders/<int:order_id>", b"", 204)
UNTYPED = (KnownRoute("/a/{x}", "GET", "a"), called("GET", "/b", "/b"))
TYPED = (KnownRoute("/a/{x}", "GET", "a"), called("GET", "/a/7", "/a/{x}"), called("GET", "/b", "/b"))


@pytest.mark.parametrize("evidence", [True, False])
@pytest.mark.parametrize(("before", "after"), [((ONE, *KNOWN), (ONE, DELETED, *KNOWN)), (UNTYPED, TYPED)])
def test_a_later_run_makes_it_an_operation(before: Any, after: Any, evidence: bool) -> None:
    first = brought("", *before, evidence=evidence)
    then = brought(first, *after, evidence=evidence)
    both = yaml.safe_load(then), yaml.safe_load(brought("", *after, evidence=evidence))
    for path in both[1]["paths"]:
        for method, operation in both[1]["paths"][path].items():
            mine = both[0]["paths"][path][method]
            assert mine["responses"] == operation["responses"]
            assert mine.get("parameters") == operation.get("parameters")
            assert (mine.get("x-mirror") or {}).get("samples") == (operation.get("x-mirror") or {}).get("samples")
    assert brought(then, *after, evidence=evidence) == then


@pytest.mark.parametrize("evidence", [True, False])
def test_a_run_that_calls_fewer_takes_nothing_back(evidence: bool) -> None:
    whole = brought("", ONE, DELETED, *KNOWN, evidence=evidence)
    assert brought(whole, ONE, *KNOWN, evidence=evidence) == whole
    assert brought(whole, ONE, evidence=evidence) == whole


def test_a_persons_operation_is_left_alone() -> None:
    text = """\
openapi: 3.1.0
info: {title: Mine, version: "1"}
paths:
  /orders/{id}:
    delete:
      # It is so.
      responses: {"204": {description: Gone}}
    get:
      responses: {"200": {description: Found}}
"""
    made = brought(text, ONE, *KNOWN[:2])
    assert '    delete:\n      # It is so.\n      responses: {"204": {description: Gone}}\n    get:' in made
    assert "Not exercised" not in made


# Models ---------------------------------------------------------------------------------------------------------------

SENT, BACK = b'{"lines": [{"sku": "a"}], "note": "n"}', b'{"lines": [{"sku": "a"}], "id": 1}'
LINES = [("", "Order"), ("lines/*", "OrderLine")]


def models(body: str, names: list[tuple[str, str]]) -> tuple[Declaration, ...]:
    """Of these places, which have other members as well; and what is around them, as frameworks have it."""
    found = {place: Declaration(body, place, name, ("object",)) for place, name in names}
    found |= {f"{place}/*".strip("/"): Declaration(body, f"{place}/*".strip("/")) for place in found}
    for place in list(found):
        while place:
            place, _, step = place.rpartition("/")
            found.setdefault(place, Declaration(body, place, "", ("array" if step == "*" else "object",)))
    return tuple(found.values())


def components(*seen: Exchange | KnownRoute) -> dict[str, list[str]]:
    made = document(*seen).get("components", {}).get("schemas", {})
    return {name: sorted(schema["properties"]) for name, schema in made.items()}


def test_components_have_the_names_of_models() -> None:
    post = called("POST", "/things", "/things", BACK, 201, SENT)
    assert components(
        post,
        called("GET", "/things", "/things", b"[" + BACK + b"]"),
        KnownRoute("/things", "POST", declared=models("request", [("", "NewOrder")]) + models("201", LINES)),
        KnownRoute("/things", "GET", declared=models("200", [("*", "Order"), ("*/lines/*", "OrderLine")])),
    ) == {"NewOrder": ["lines", "note"], "LineInput": ["sku"], "Order": ["id", "lines"], "OrderLine": ["sku"]}


def test_one_name_for_several_shapes() -> None:
    """The shape with the most places has it, then those of responses before those of requests."""
    known = [
        KnownRoute(path, method, declared=models(body, [("", "Thing[Any]")]))
        for path, method, body in (
            ("/a", "GET", "200"),
            ("/b", "GET", "200"),
            ("/c", "GET", "200"),
            ("/c", "PUT", "request"),
        )
    ]
    seen = [
        called("GET", "/a", "/a", b'{"one": 1}'),
        called("GET", "/b", "/b", b'{"two": 2}'),
        called("GET", "/c", "/c", b'{"two": 2}'),
        called("PUT", "/c", "/c", b"", 204, b'{"three": 3}'),
    ]
    expected = {"Thing_Any_": ["two"], "Thing_Any_2": ["one"], "Thing_Any_Input": ["three"]}
    assert components(*seen, *known) == expected
    assert components(*reversed(seen), *reversed(known)) == expected


def test_requests_of_one_model_are_one_whatever_their_methods() -> None:
    known = [KnownRoute("/a", method, declared=models("request", [("", "Thing")])) for method in ("POST", "PATCH")]
    seen = [called(method, "/a", "/a", b"", 204, b'{"one": 1}') for method in ("POST", "PATCH")]
    assert components(*seen, *known) == {"Thing": ["one"]}
    assert len(components(*seen)) == 2


def test_the_smallest_of_two_names_for_one_place() -> None:
    known = [KnownRoute("/a", "GET", str(n), declared=models("200", [("", name)])) for n, name in enumerate("BA")]
    seen = called("GET", "/a", "/a", b'{"one": 1}')
    assert components(seen, *known) == components(seen, *reversed(known)) == {"B": ["one"]}


# Runs -----------------------------------------------------------------------------------------------------------------

SUITE = '''
from typing import Any
import fastapi, flask, pytest
from fastapi.testclient import TestClient
from flask.views import MethodView
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

class Order(BaseModel):
    id: int
    name: str

shop = fastapi.FastAPI()
orders = fastapi.APIRouter(prefix="/orders")

@orders.get("", response_model=list[Order])
def index() -> Any:
    return [{"id": 1, "name": "a"}]

@orders.post("/{order_id:int}/cancel")
def cancel(order_id: int) -> Order:
    """Cancel an order."""

@orders.get("/hidden", include_in_schema=False)
def hidden() -> None: ...

shop.include_router(orders, prefix="/v1")

site = flask.Flask("site")
admin = flask.Blueprint("admin", "admin", url_prefix="/admin")

class Users(MethodView):
    def get(self, number):
        """One user."""
        return {"number": number}
    def delete(self, number):
        """Forget a user."""

admin.add_url_rule("/users/<int:number>", view_func=Users.as_view("users"))
site.register_blueprint(admin)

async def thing(request):
    return JSONResponse({"thing": 1})

things = Starlette(routes=[Mount("/things", routes=[Route("/{id:int}", thing, methods=["GET", "PATCH"])])])

def test_shop():
    assert TestClient(shop).get("/v1/orders").json() == [{"id": 1, "name": "a"}]

def test_site():
    assert site.test_client().get("/admin/users/7").json == {"number": 7}

def test_things():
    assert TestClient(things).get("/things/7").json() == {"thing": 1}

def test_nothing():
    assert site.test_client().get("/nowhere").status_code == 404
'''

LISTED = {
    "/admin/users/{number}": {"get": 1, "delete": 0},
    "/things/{id}": {"get": 1, "patch": 0},
    "/v1/orders": {"get": 1},
    "/v1/orders/{order_id}/cancel": {"post": 0},
}


def listed(text: str) -> dict[str, dict[str, int]]:
    made = yaml.safe_load(text)
    validate(made)
    return {
        path: {method: operation["x-mirror"]["samples"] for method, operation in item.items()}
        for path, item in made["paths"].items()
    }


@pytest.fixture
def suite(pytester: pytest.Pytester) -> Path:
    pytester.makepyfile(SUITE)
    return pytester.path


def test_a_run_lists_them_and_so_do_its_captures(pytester: pytest.Pytester, suite: Path) -> None:
    result = run(pytester, "--mirror", "--mirror-openapi", "one.yaml", "--mirror-capture", "one.jsonl")
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines(["*learned one.yaml", "*    3 routes that no test called"])
    one = (suite / "one.yaml").read_text()
    assert listed(one) == LISTED
    assert next(iter(yaml.safe_load(one)["components"]["schemas"])) == "Order"

    spread = run(pytester, "-n2", "--mirror", "--mirror-openapi", "two.yaml", "--mirror-capture", "two.jsonl")
    spread.assert_outcomes(passed=4)
    spread.stdout.fnmatch_lines(["*learned two.yaml", "*    3 routes that no test called"])
    assert (suite / "two.yaml").read_text() == one

    # A run once more, in the same file.
    run(pytester, "--mirror", "--mirror-openapi", "one.yaml").assert_outcomes(passed=4)
    assert (suite / "one.yaml").read_text() == one

    def mirror(*arguments: str) -> str:
        done = pytester.run(sys.executable, "-m", "mirror", *arguments)
        assert done.ret == 0
        return done.stderr.str()

    mirror("convert", "two.jsonl", "converted.jsonl")
    mirror("merge", "one.jsonl", "converted.jsonl", "-o", "merged.jsonl")
    assert (suite / "merged.jsonl").read_text().count('"type":"routes"') == 3
    assert "3 routes that no test called: listed, marked" in mirror("learn", "two.jsonl", "-o", "learned.yaml")
    assert (suite / "learned.yaml").read_text() == one
    mirror("learn", "converted.jsonl", "-o", "again.yaml")
    assert (suite / "again.yaml").read_text() == one
    mirror("learn", "merged.jsonl", "-o", "merged.yaml")
    assert {path: item.keys() for path, item in listed((suite / "merged.yaml").read_text()).items()} == {
        path: item.keys() for path, item in LISTED.items()
    }
    assert "3 routes that no test called: left out" in mirror(
        "learn", "one.jsonl", "-o", "called.yaml", "--no-unexercised"
    )
    assert listed((suite / "called.yaml").read_text()) == {
        path: {method: 1} for path, item in LISTED.items() for method, samples in item.items() if samples
    }
    # Readers of exchanges pass over them; an archive does not have them.
    assert mirror("convert", "one.jsonl", "one.har").splitlines()[-1].startswith("mirror: 4 exchanges")
    assert "routes that no test" not in mirror("learn", "one.har", "-o", "har.yaml")


def test_a_run_can_leave_them_out(pytester: pytest.Pytester, suite: Path) -> None:
    run(pytester, "--mirror", "--mirror-openapi=a.yaml", "--mirror-openapi-unexercised=false").assert_outcomes(passed=4)
    assert "patch" not in listed((suite / "a.yaml").read_text())["/things/{id}"]


def test_secrets_in_names_are_redacted(pytester: pytest.Pytester) -> None:
    secret = "ghp_" + "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5"
    pytester.makepyfile(f'''
        import flask
        site = flask.Flask("site")
        site.add_url_rule("/known", "known", lambda: "x")
        @site.delete("/uncalled/{secret}")
        def uncalled():
            """Uses {secret}."""
        def test_it():
            assert site.test_client().get("/known").text == "x"
    ''')
    run(pytester, "--mirror", "--mirror-openapi=a.yaml", "--mirror-capture=a.jsonl").assert_outcomes(passed=1)
    for name in ("a.yaml", "a.jsonl"):
        text = (pytester.path / name).read_text()
        assert "uncalled" in text
        assert secret not in text
