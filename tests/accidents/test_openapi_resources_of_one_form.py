"""Accident: ``/tags``, ``/teams`` and ``/warehouses`` that all answer ``{"id", "name"}`` were one component ``Tag``,
and what a team had more later became an optional member of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from learning import called, model

from mirror import Exchange
from mirror.exchange import Declaration, KnownRoute
from mirror.openapi.document import Style, openapi
from mirror.openapi.update import update

SCHEMAS = "#/components/schemas/"
THING = {"id": 1, "name": "x"}
USER = {"id": 1, "name": "x", "email": "a@example.org", "role": "admin", "plan": "free"}


def got(path: str, value: Any, status: int = 200, method: str = "GET", sent: Any = None) -> Exchange:
    body = b"" if sent is None else json.dumps(sent).encode()
    return called(method, path.replace("{n}", "1"), path, json.dumps(value).encode(), status, body)


def document(*seen: Exchange | KnownRoute) -> dict[str, Any]:
    return openapi(model(*seen).settled()[""], Style(evidence=False, examples=False))


def components(*seen: Exchange | KnownRoute) -> set[str]:
    return set(document(*seen)["components"]["schemas"])


def resources(*names: str) -> list[Exchange]:
    return [
        each
        for name in names
        for each in (
            got(f"/{name}", [THING]),
            got(f"/{name}", THING, 201, "POST", {"name": "x"}),
            got(f"/{name}/{{n}}", THING),
        )
    ]


def test_each_has_its_own() -> None:
    made = document(
        *resources("tags", "teams", "warehouses"), got("/settings", {"ok": True}, 200, "PUT", {"name": "x"})
    )
    for name, path in (("Tag", "/tags"), ("Team", "/teams"), ("Warehouse", "/warehouses")):
        post, one = made["paths"][path]["post"], made["paths"][f"{path}/{{n}}"]["get"]
        sent = post["requestBody"]["content"]["application/json"]["schema"]
        assert sent == {"$ref": f"{SCHEMAS}{name}CreateInput"}
        for each in (post["responses"]["201"], one["responses"]["200"]):
            assert each["content"]["application/json"]["schema"] == {"$ref": f"{SCHEMAS}{name}"}
    put = made["paths"]["/settings"]["put"]["requestBody"]["content"]["application/json"]["schema"]
    assert put == {"$ref": f"{SCHEMAS}SettingsUpdateInput"}


@pytest.mark.parametrize(
    "other", ["/users/search", "/users/{n}/disable", "/teams/{n}/users", "/admin/users", "/me", "/users/me"]
)
def test_one_collection_has_one(other: str) -> None:
    assert len(components(got("/users/{n}", THING), got(other, THING))) == 1


def test_a_user_may_be_me() -> None:
    assert components(got("/me", THING), got("/users/me", THING), got("/users/{n}", THING)) == {"User"}
    assert components(got("/me", THING)) == {"Me"}
    assert components(got("/me", USER), got("/register", USER)) == {"Me"}


@pytest.mark.parametrize(
    ("one", "other"),
    [("/tags", "/teams"), ("/admin/tags", "/admin/teams"), ("/tags/search", "/teams/search"), ("/me", "/me/tags")],
)
def test_others_have_others(one: str, other: str) -> None:
    assert len(components(got(one, [THING]), got(other, [THING]))) == 2


def test_what_chance_does_not_make_is_one() -> None:
    assert components(got("/session", USER), got("/users/{n}", USER), got("/users", [USER])) == {"User"}
    assert len(components(got("/session", THING | {"title": "x", "created_at": 1}), got("/users/{n}", THING))) == 2


@pytest.mark.parametrize(
    ("members", "number"),
    [
        ({"tag": THING, "team": THING}, 3),
        ({"tag": THING, "old_tag": THING}, 2),
        ({"price": {"amount": 1, "currency": "EUR"}, "discount": {"amount": 1, "currency": "EUR"}}, 2),
    ],
)
def test_members_of_one_name_are_one(members: dict[str, Any], number: int) -> None:
    assert len(components(got("/orders/{n}", {"id": 1} | members))) == number


def test_members_are_those_of_the_collection_of_their_name() -> None:
    assert components(got("/orders/{n}", {"id": 1, "tag": THING}), *resources("tags")) == {
        "Order",
        "Tag",
        "TagCreateInput",
    }


def test_what_holds_others_of_its_form_is_a_tree() -> None:
    leaf = THING | {"children": []}
    tree = THING | {"children": [leaf, leaf | {"children": [leaf]}]}
    made = document(got("/nodes", [tree]), got("/nodes/{n}", leaf))
    assert set(made["components"]["schemas"]) == {"Node"}
    below = made["components"]["schemas"]["Node"]["properties"]["children"]
    assert below == {"type": "array", "items": {"$ref": f"{SCHEMAS}Node"}}


def test_errors_are_no_resources() -> None:
    seen = [got("/tags/{n}", {"message": "gone"}, 200, "DELETE"), got("/tags/{n}", {"message": "no"}, 404)]
    assert components(*seen, got("/teams/{n}", {"message": "no"}, 404)) == {"Tag", "Error"}


def test_models_tell() -> None:
    def known(path: str, name: str) -> KnownRoute:
        said = [("", name, "object", ""), ("id", "", "integer", "required"), ("name", "", "string", "required")]
        return KnownRoute(path, "GET", declared=tuple(declaration(*each) for each in said))

    seen = [got("/a", THING), got("/b", THING), got("/c", THING)]
    assert components(*seen, known("/a", "Tag"), known("/b", "Tag"), known("/c", "Team")) == {"Tag", "Team"}


def declaration(pointer: str, name: str, kind: str, presence: Any) -> Declaration:
    return Declaration("200", pointer, name, (kind,), presence=presence)


def test_documents_that_had_one_are_not_torn() -> None:
    seen = resources("tags", "teams")
    fresh = openapi(model(*seen).settled()[""])
    before = json.loads(json.dumps(fresh).replace(f"{SCHEMAS}Team", f"{SCHEMAS}Tag"))
    del before["components"]["schemas"]["Team"], before["components"]["schemas"]["TeamCreateInput"]
    text = update("", before).text
    assert update(text, fresh).text == text
    more = openapi(model(*seen, got("/teams/{n}", THING | {"lead": "y"})).settled()[""])
    after = update(text, more)
    assert not after.conflicts
    assert "Team" not in after.text.replace("TeamC", "").replace("Team]", "")
    assert update(after.text, more).text == after.text
