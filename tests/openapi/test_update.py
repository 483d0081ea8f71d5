"""Documents that people have edited, brought up to date: what survives, what is added, what is told."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from mirror.errors import DocumentError
from mirror.openapi.marks import is_own, marked
from mirror.openapi.reading import read
from mirror.openapi.update import update
from mirror.openapi.writing import write

Json = dict[str, Any]


def document(paths: Json, **schemas: Any) -> Json:
    made: Json = {"openapi": "3.1.0", "info": {"title": "API", "version": "1.0"}, "paths": paths}
    return made | ({"components": {"schemas": schemas}} if schemas else {})


def seen(schema: Json, samples: int = 3) -> Json:
    return {**schema, "x-mirror": {"samples": samples}}


def body(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}


def operation(schema: Json | None = None, **rest: Any) -> Json:
    answer: Json = {"description": "OK"} | ({"content": body(schema)} if schema else {})
    return {"responses": {"200": answer}} | rest


ORDER: Json = {
    "type": "object",
    "properties": {"id": {"type": "integer"}, "state": {"type": "string", "enum": ["new", "paid"]}},
    "required": ["id", "state"],
}
REF = {"$ref": "#/components/schemas/Order"}
LEARNED = document({"/orders/{order_id}": {"get": operation(REF)}}, Order=ORDER)


def with_order(**changes: Any) -> Json:
    made = copy.deepcopy(LEARNED)
    made["components"]["schemas"]["Order"] |= changes
    return made


def widened(before: Json, after: Json) -> Json:
    """What becomes of mirror's own schema when another is learned."""
    first = update("", document({"/a": {"get": operation(before)}})).text
    facts = document({"/a": {"get": operation(after)}})
    found = update(first, facts)
    assert not found.conflicts
    assert update(found.text, facts).text == found.text
    schema: Json = read(found.text, "it")["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"][
        "schema"
    ]
    assert is_own(schema)
    return plain(schema)


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain(member) for key, member in value.items() if key != "x-mirror"}
    return [plain(member) for member in value] if isinstance(value, list) else value


WORDS = {"type": "string", "enum": ["new", "paid"]}
NAMED = {"type": "object", "properties": {"a": seen({"type": "string"})}, "required": ["a"]}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (seen({"type": "integer"}), seen({"type": "number"}), {"type": "number"}),
        (seen({"type": "number"}), seen({"type": "integer"}), {"type": "number"}),
        (seen({"type": "integer"}), seen({"type": "string"}), {"type": ["integer", "string"]}),
        (seen({"type": "string"}), seen({"type": ["string", "null"]}), {"type": ["string", "null"]}),
        (seen({"type": ["string", "null"]}), seen({"type": "integer"}), {"type": ["string", "integer", "null"]}),
        (seen(WORDS), seen({"type": "string", "enum": ["lost", "new"]}), {"type": "string", "enum": ["lost", "new", "paid"]}),  # noqa: E501
        (seen(WORDS), seen({"type": ["string", "null"], "enum": ["new", None]}),
         {"type": ["string", "null"], "enum": ["new", "paid", None]}),
        (seen(WORDS, 9), seen({"type": "string"}, 2), WORDS),
        (seen(WORDS, 9), seen({"type": "string"}, 90), {"type": "string"}),
        (seen({"type": "string"}), seen(WORDS), {"type": "string"}),
        (seen({"type": "string", "format": "date"}), seen({"type": "string"}), {"type": "string"}),
        (seen({"type": "string"}), seen({"type": "string", "format": "date"}), {"type": "string"}),
        (seen(NAMED), seen({"type": "object", "properties": {"b": seen({"type": "null"})}, "required": ["b"]}),
         {"type": "object", "properties": {"b": {"type": "null"}, "a": {"type": "string"}}}),
        (seen(NAMED, 9), seen({"type": "object", "properties": {"a": seen({"type": "string"}), "b": {}}, "required": ["a", "b"]}),  # noqa: E501
         {"type": "object", "properties": {"a": {"type": "string"}, "b": {}}, "required": ["a"]}),
        (seen({"type": "array", "items": {}}), seen({"type": "array", "items": seen({"type": "null"})}),
         {"type": "array", "items": {"type": "null"}}),
        (seen({"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "minItems": 2, "maxItems": 2}),  # noqa: E501
         seen({"type": "array", "items": {"type": "null"}}),
         {"type": "array", "items": {"type": ["string", "integer", "null"]}}),
        (seen({"anyOf": [{"type": "string", "format": "date"}, {"type": "integer"}]}), seen({"type": "boolean"}),
         {"anyOf": [{"type": "string", "format": "date"}, {"type": "integer"}, {"type": "boolean"}]}),
        (seen({"type": "string"}), seen({"type": "object", "properties": {"a": {"type": "null"}}}),
         {"type": ["string", "object"], "properties": {"a": {"type": "null"}}}),
        (seen({"type": "object", "additionalProperties": {"type": "integer"}}),
         seen({"type": "object", "properties": {"k": {"type": "string"}}}),
         {"type": "object", "additionalProperties": {"type": ["integer", "string"]}}),
    ],
)  # fmt: skip
def test_its_own_words_become_wider(before: Json, after: Json, expected: Json) -> None:
    assert widened(before, after) == expected


def test_the_evidence_is_that_of_the_run_that_had_most() -> None:
    facts = [document({"/a": {"get": operation(seen({"type": "string"}, count))}}) for count in (5, 3, 8)]
    text = update("", facts[0]).text
    assert update(text, facts[1]).text == text
    assert "samples: 8" in update(text, facts[2]).text


BY_HAND = """\
# Orders, as we promise them.
openapi: "3.1.0"
info: {title: Ours, version: '7'}
servers: [{url: https://api.example.com}]   # production

paths:
    /orders/{id}:
        parameters:
            - {name: id, in: path, required: true, schema: {type: integer}}
        get:
            operationId: one
            responses:
                200:
                    description: it
                    content: {application/json: {schema: {$ref: '#/components/schemas/Bestellung'}}}
                404: {$ref: 'errors.yaml#/NotFound'}
        # nobody tests it
        delete:
            responses: {'204': {description: gone}}
    /internal: {$ref: 'internal.yaml'}

components:
    schemas:
        Bestellung:
            type: object
            description: >
                What somebody
                wants.
            required: [id]      # for now
            properties:
                id: &id {type: integer}
                state: {type: string, enum: [new, paid]}
        Other: {type: object, properties: {id: *id}}
"""


def test_what_nothing_contradicts_is_left_alone() -> None:
    facts = copy.deepcopy(LEARNED)
    facts["paths"]["/orders/{order_id}"]["get"]["responses"]["404"] = {"description": "Not Found"}
    facts["paths"]["/orders/{order_id}"]["get"]["parameters"] = [
        {"name": "order_id", "in": "path", "required": True, "schema": {"type": "integer"}}
    ]
    facts["paths"]["/internal"] = {"get": operation()}
    found = update(BY_HAND, facts)
    assert found.text == BY_HAND
    assert not [*found.conflicts, *found.added, *found.changed, *found.pruned]


def test_what_is_new_is_added_where_it_belongs() -> None:
    facts = copy.deepcopy(LEARNED)
    order = facts["components"]["schemas"]["Order"]
    order["properties"]["total"] = {"type": "number"}
    order["properties"]["buyer"] = {"$ref": "#/components/schemas/Buyer"}
    order["required"].append("total")
    facts["components"]["schemas"]["Buyer"] = {"type": "object", "properties": {"order": REF}}
    item = facts["paths"]["/orders/{order_id}"]
    item["get"]["parameters"] = [
        {"name": "order_id", "in": "path", "required": True, "schema": {"type": "integer"}},
        {"name": "full", "in": "query", "schema": {"type": "boolean"}},
    ]
    item["get"]["responses"]["409"] = {"description": "Conflict"}
    item["put"] = {"operationId": "one", "parameters": item["get"]["parameters"][:1], **operation(REF)}
    found = update(BY_HAND, facts)
    assert not found.conflicts
    assert set(found.added) == {
        "GET /orders/{id} query full", "GET /orders/{id} 409", "PUT /orders/{id}", "Buyer",
        "#/components/schemas/Bestellung/properties/total", "#/components/schemas/Bestellung/properties/buyer",
    }  # fmt: skip
    new = [line for line in found.text.splitlines() if line not in BY_HAND.splitlines()]
    assert not [line for line in BY_HAND.splitlines() if line not in found.text.splitlines()]
    assert any(line.strip() == '$ref: "#/components/schemas/Bestellung"' for line in new)
    made = read(found.text, "it")["paths"]["/orders/{id}"]
    assert "parameters" not in made["put"]
    assert made["put"]["operationId"] == "one_2"
    assert list(made) == ["parameters", "get", "put", "delete"]
    assert update(found.text, facts).text == found.text


@pytest.mark.parametrize(
    ("change", "pointer", "stands", "shown"),
    [
        ({"properties": {"id": {"type": "string"}, "state": WORDS}}, "properties/id/type", "integer", "string"),
        ({"properties": {"id": {"type": ["integer", "null"]}, "state": WORDS}}, "properties/id/type", "integer", ["integer", "null"]),  # noqa: E501
        ({"properties": {"id": {"type": "integer"}, "state": {"type": "string", "enum": ["lost"]}}},
         "properties/state/enum", ["new", "paid"], ["lost"]),
        ({"required": ["state"]}, "required", ["id"], []),
        ({"type": "array"}, "type", "object", "array"),
    ],
)  # fmt: skip
def test_a_contradiction_is_told_and_nothing_overwritten(change: Json, pointer: str, stands: Any, shown: Any) -> None:
    found = update(BY_HAND, with_order(**change))
    assert found.text == BY_HAND
    (conflict,) = found.conflicts
    assert conflict.operation == "GET /orders/{id}"
    assert conflict.pointer == f"#/components/schemas/Bestellung/{pointer}"
    assert (conflict.stands, conflict.seen) == (stands, shown)
    assert str(conflict).startswith(f"GET /orders/{{id}}: {conflict.pointer} is ")


def test_more_contradictions() -> None:
    text = write(
        document(
            {
                "/a": {
                    "post": {
                        "parameters": [
                            {
                                "name": "q",
                                "in": "query",
                                "required": True,
                                "schema": {"type": "string", "format": "date"},
                            }
                        ],
                        "requestBody": {
                            "required": True,
                            "content": body({"type": "object", "additionalProperties": False}),
                        },
                        "responses": {
                            "2XX": {
                                "description": "It",
                                "content": body({"oneOf": [{"type": "string"}, {"type": "null"}]}),
                            },
                            "401": {"description": "Who are you?"},
                        },
                        "security": [],
                    }
                }
            }
        ),
        "yaml",
    )
    facts = document(
        {
            "/a": {
                "post": {
                    "parameters": [{"name": "q", "in": "query", "schema": {"type": "string", "format": "uuid"}}],
                    "requestBody": {"content": body({"type": "object", "properties": {"x": {"type": "null"}}})},
                    "responses": {
                        "201": {"description": "It", "content": body({"type": "integer"})},
                        "401": {"description": "Who are you?"},
                    },
                    "security": [{"bearer": []}],
                }
            }
        }
    )
    found = update(text, facts)
    assert found.text == text
    assert [conflict.pointer.removeprefix("#/paths/~1a/post/") for conflict in found.conflicts] == [
        "parameters/0/required",
        "parameters/0/schema/format",
        "requestBody/content/application~1json/schema/additionalProperties",
        "requestBody/required",
        "responses/2XX/content/application~1json/schema/oneOf",
        "security",
    ]


def test_without_evidence_everything_is_a_persons() -> None:
    text = update("", LEARNED).text
    assert "x-mirror" not in text
    facts = with_order(properties={"id": {"type": "string"}, "state": WORDS})
    found = update(text, facts)
    assert found.text == text
    assert [conflict.pointer for conflict in found.conflicts] == ["#/components/schemas/Order/properties/id/type"]


def test_an_edit_makes_a_word_a_persons_and_a_description_does_not() -> None:
    facts = document({"/a": {"get": operation(seen(WORDS))}})
    more = document({"/a": {"get": operation(seen({"type": "string", "enum": ["lost"]}))}})
    text = update("", facts).text
    described = text.replace(
        "                type: string\n", "                type: string\n                description: Its state.\n"
    )
    found = update(described, more)
    assert not found.conflicts
    assert "- lost" in found.text
    assert "description: Its state." in found.text
    edited = text.replace("- paid", "- settled")
    found = update(edited, more)
    assert found.text == edited
    assert [str(conflict) for conflict in found.conflicts] == [
        'GET /a: #/paths/~1a/get/responses/200/content/application~1json/schema/enum is ["new","settled"], but ["lost"] was seen'  # noqa: E501
    ]


def test_a_summary_follows_the_code_until_somebody_edits_it() -> None:
    facts = [
        document({"/a": {"get": operation(summary=said, **{"x-mirror": {"samples": 1}})}}) for said in ("One", "Two")
    ]
    text = update("", facts[0]).text
    assert "summary: Two" in update(text, facts[1]).text
    edited = text.replace("summary: One", "summary: Mine")
    assert update(edited, facts[1]).text == edited
    removed = text.replace("      summary: One\n", "")
    assert update(removed, facts[1]).text == removed


def test_anchors_are_not_written_into() -> None:
    text = """\
openapi: 3.1.0
info: {title: A, version: "1"}
x-common: &order
  type: object
  properties: {id: {type: integer}}
paths:
  /orders/{id}:
    get:
      responses:
        "200": {description: It, content: {application/json: {schema: *order}}}
        "404": &gone {description: Gone}
        "410": *gone
"""
    found = update(text, LEARNED)
    assert found.text == text
    assert [conflict.pointer.rpartition("/")[2] for conflict in found.conflicts] == ["state"]


def test_servers_have_a_base() -> None:
    text = 'openapi: 3.1.0\ninfo: {title: A, version: "1"}\nservers: [{url: https://x.example/v1}]\npaths:\n  /a: {}\n'
    facts = document({"/v1/a": {"get": operation()}, "/v1/b": {"get": operation()}})
    assert read(update(text, facts).text, "it")["paths"] == {"/a": {"get": operation()}, "/b": {"get": operation()}}


def test_security_schemes_are_the_same_by_what_they_are() -> None:
    scheme = {"type": "http", "scheme": "bearer"}
    text = write(
        {
            **document({"/a": {"get": operation()}}),
            "security": [{"jwt": []}],
            "components": {"securitySchemes": {"jwt": scheme}},
        },
        "yaml",
    )
    facts = document({"/b": {"get": operation(security=[{"bearer": []}])}}) | {
        "components": {"securitySchemes": {"bearer": scheme}}
    }
    made = read(update(text, facts).text, "it")
    assert made["paths"]["/b"]["get"]["security"] == [{"jwt": []}]
    assert list(made["components"]["securitySchemes"]) == ["jwt"]


def test_pruning() -> None:
    text = update(
        "", document({"/a": {"get": operation(REF), "post": operation()}, "/b": {"get": operation()}}, Order=ORDER)
    ).text
    nothing = document({})
    found = update(text, nothing, prune=["get  /b", "POST /a", "GET /a 200", "Order"])
    assert found.pruned == ["GET /b", "POST /a", "GET /a 200", "Order"]
    assert read(found.text, "it") == document({"/a": {"get": {"responses": {}}}})
    again = update(text, document({"/a": {"get": operation({"type": "null"})}}), prune=["GET /a"])
    assert read(again.text, "it")["paths"]["/a"]["get"] == operation({"type": "null"})
    found = update(BY_HAND, nothing, prune=["DELETE /orders/{order_id}"])
    assert found.text == BY_HAND.replace("        delete:\n            responses: {'204': {description: gone}}\n", "")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("DELETE /order/{id}", "did you mean 'DELETE /orders/{id}'"),
        ("Bestelung", "did you mean 'Bestellung'"),
        ("zzzzzz", "say it as the document does"),
        ("Bestellung", "refers to it"),
    ],
)
def test_what_cannot_be_pruned(name: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        update(BY_HAND, document({}), prune=[name])


def test_versions_do_not_mix() -> None:
    with pytest.raises(
        DocumentError, match=r"api\.yaml is OpenAPI 3\.0, what was learned is 3\.1: learn with --openapi-version 3\.0"
    ):
        update("openapi: 3.0.3\ninfo: {}\npaths: {}\n", LEARNED, name="api.yaml")


def test_version_3_0() -> None:
    facts = [{**document({"/a": {"get": operation(seen(schema))}}), "openapi": "3.0.3"} for schema in (
        {"type": "string"}, {"type": "string", "nullable": True}, {"type": "integer"},
    )]  # fmt: skip
    text = update("", facts[0]).text
    text = update(text, facts[1]).text
    assert "nullable: true" in text
    text = update(text, facts[2]).text
    schema = read(text, "it")["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert plain(schema) == {"anyOf": [{"type": "string", "nullable": True}, {"type": "integer"}]}
    assert update(text, facts[2]).text == text


def test_json_stays_json() -> None:
    text = json.dumps(LEARNED, indent=4)
    facts = copy.deepcopy(LEARNED)
    facts["paths"]["/new"] = {"get": operation()}
    found = update(text, facts)
    assert json.loads(found.text) == facts
    assert found.text.startswith(text[:100])
    assert '\n        "/new": {\n            "get": {' in found.text


@pytest.mark.parametrize(
    "broken",
    [
        "paths: {/orders/{order_id}: null}", "paths: {'/orders/{id}': {get: null}}", "paths: {'/orders/{id}': {get: []}}",  # noqa: E501
        "paths: {'/orders/{id}': {get: {responses: []}}}", "paths: {'/orders/{id}': {get: {responses: {'200': 1}}}}",
        "paths: {'/orders/{id}': {get: {parameters: {}, responses: {'200': {content: []}}}}}",
        "paths: {'/orders/{id}': {get: {parameters: [1], responses: {'200': {content: {application/json: 1}}}}}}",
        "paths: {'/orders/{id}': {get: {responses: {'200': {content: {application/json: {schema: {type: 1}}}}}}}}",
        "paths: {'/orders/{id}': {get: {responses: {'200': {content: {application/json: {schema: {type: [], enum: 3,"
        " properties: [], required: x}}}}}}}}",
        "paths:", "paths: {}\ncomponents:", "paths: {}\ncomponents: {schemas: []}", "paths: {}\nsecurity: 1\nservers: 1\ntags: 1",  # noqa: E501
        "paths: {}\nservers: [1]\ntags: [1]", "paths: {'/orders/{id}': {$ref: '#/paths/~1orders~1{id}'}}",
        "paths: {'/orders/{id}': {get: {security: 1, tags: 1, responses: {'200': {$ref: 1}}}}}",
        "paths: {'/orders/{id}': {get: {security: [1], operationId: [1], responses: {}}}}",
    ],
)  # fmt: skip
def test_documents_that_are_not_as_they_should_be(broken: str) -> None:
    """An answer or an error of ours."""
    facts = copy.deepcopy(LEARNED)
    facts["paths"]["/orders/{order_id}"]["get"] |= {
        "operationId": "x", "tags": ["a"], "security": [{"b": []}],
        "parameters": [{"name": "order_id", "in": "path", "required": True, "schema": {"type": "integer"}}],
    }  # fmt: skip
    try:
        found = update(f"openapi: 3.1.0\n{broken}\n", facts)
    except DocumentError:
        return
    assert update(found.text, facts).text == found.text


def test_marks_are_only_where_there_is_evidence() -> None:
    assert marked(LEARNED) == LEARNED
    facts = marked(document({"/a": {"get": operation(seen({"type": "string"}))}}, Order=ORDER))
    assert is_own(facts["components"]["schemas"]["Order"])


def test_names_of_properties_are_no_words_of_schemas() -> None:
    names = ["$ref", "default", "description", "enum", "required", "type", "x-mirror", "examples", "~/"]
    facts = document(
        {"/a": {"get": operation(seen({"type": "object", "properties": dict.fromkeys(names, REF)}))}}, Order=ORDER
    )
    text = update("", facts).text
    assert plain_names(read(text, "it")) == names
    assert update(f"# by hand\n{text}", facts).text == f"# by hand\n{text}"
    found = update(BY_HAND, facts)
    assert "Order" in found.added
    assert plain_names(read(found.text, "it")) == names
    assert update(found.text, facts).text == found.text


def plain_names(document: Json) -> list[str]:
    answer = document["paths"]["/a"]["get"]["responses"]["200"]
    return list(answer["content"]["application/json"]["schema"]["properties"])
