"""A warehouse (plain Flask with apispec): documented in docstrings, validated by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from apispec import APISpec
from apispec_webframeworks.flask import FlaskPlugin
from flask import Blueprint, Flask, Response, jsonify, request, session

api = Blueprint("inventory", __name__, url_prefix="/api")
items: dict[str, dict[str, Any]] = {}
movements: list[dict[str, Any]] = []


def problem(status: int, message: str) -> tuple[Response, int]:
    return jsonify(error=message), status


def stamp() -> str:
    return datetime.now(UTC).isoformat()


@api.post("/login")
def login():
    """Log in.
    ---
    post:
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              required: [user, pin]
              properties:
                user: {type: string}
                pin: {type: integer}
      responses:
        200: {description: Welcome, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
        401: {description: Wrong PIN, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
    """
    if request.form.get("pin") != "2468":
        return problem(401, "wrong PIN")
    session["user"] = request.form["user"]
    return jsonify(name=session["user"], admin=session["user"] == "root")


@api.get("/items")
def list_items():
    """All items.
    ---
    get:
      parameters:
        - {in: query, name: q, schema: {type: string}}
        - {in: query, name: below, schema: {type: integer}, description: Only what runs short}
        - {in: query, name: fields, schema: {type: array, items: {type: string}}, style: form, explode: false}
      responses:
        200:
          description: Items
          content:
            application/json:
              schema:
                type: object
                required: [items, count]
                properties:
                  items: {type: array, items: {$ref: '#/components/schemas/Item'}}
                  count: {type: integer}
    """
    found = list(items.values())
    if "q" in request.args:
        found = [item for item in found if request.args["q"].lower() in item["name"].lower()]
    if "below" in request.args:
        found = [item for item in found if item["quantity"] < int(request.args["below"])]
    if "fields" in request.args:
        names = request.args["fields"].split(",")
        found = [{name: value for name, value in item.items() if name in names} for item in found]
    return jsonify(items=found, count=len(found))


@api.put("/items/<sku>")
def put_item(sku):
    """Create or replace an item.
    ---
    put:
      security: [{session: []}]
      parameters:
        - {in: path, name: sku, required: true, schema: {type: string}}
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/ItemInput'}}}
      responses:
        200: {description: Replaced, content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}
        201: {description: Created, content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}
        400: {description: Wrong, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
        401: {description: Who, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
    """
    if "user" not in session:
        return problem(401, "log in first")
    said = request.get_json()
    if not isinstance(said.get("name"), str):
        return problem(400, "an item needs a name")
    status = 200 if sku in items else 201
    items[sku] = {
        "sku": sku,
        "name": said["name"],
        "quantity": said.get("quantity", 0),
        "weight": said.get("weight"),
        "bin": said.get("bin"),
        "hazardous": bool(said.get("hazardous")),
        "updated_at": stamp(),
    }
    return jsonify(items[sku]), status


@api.get("/items/<sku>")
def get_item(sku):
    """One item.
    ---
    get:
      parameters:
        - {in: path, name: sku, required: true, schema: {type: string}}
      responses:
        200: {description: The item, content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}
        404: {description: None, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
    """
    return jsonify(items[sku]) if sku in items else problem(404, f"no item {sku}")


@api.delete("/items/<sku>")
def delete_item(sku):
    """Remove an item.
    ---
    delete:
      security: [{session: []}]
      parameters:
        - {in: path, name: sku, required: true, schema: {type: string}}
      responses:
        204: {description: Removed}
        401: {description: Who, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
    """
    if "user" not in session:
        return problem(401, "log in first")
    items.pop(sku, None)
    return "", 204


@api.post("/items/<sku>/movements")
def move(sku):
    """Put in or take out.
    ---
    post:
      security: [{session: []}]
      parameters:
        - {in: path, name: sku, required: true, schema: {type: string}}
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [delta]
              properties:
                delta: {type: integer}
                reason: {type: string, enum: [purchase, sale, loss]}
      responses:
        201: {description: Moved, content: {application/json: {schema: {$ref: '#/components/schemas/Movement'}}}}
        401: {description: Who, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
        404: {description: None, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
        409: {description: Short, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
    """
    if "user" not in session:
        return problem(401, "log in first")
    if sku not in items:
        return problem(404, f"no item {sku}")
    said = request.get_json()
    if items[sku]["quantity"] + said["delta"] < 0:
        return problem(409, "not that many")
    items[sku]["quantity"] += said["delta"]
    movement = {
        "number": len(movements) + 1,
        "sku": sku,
        "delta": said["delta"],
        "reason": said.get("reason", "sale"),
        "user": session["user"],
        "at": stamp(),
    }
    movements.append(movement)
    return jsonify(movement), 201


@api.get("/movements/<int:number>")
def get_movement(number):
    """One movement.
    ---
    get:
      parameters:
        - {in: path, name: number, required: true, schema: {type: integer}}
      responses:
        200: {description: It, content: {application/json: {schema: {$ref: '#/components/schemas/Movement'}}}}
    """
    return jsonify(movements[number - 1]) if number <= len(movements) else problem(404, "no such movement")


@api.get("/report.csv")
def report():
    """What there is, as a table.
    ---
    get:
      responses:
        200: {description: A table, content: {text/csv: {schema: {type: string}}}}
    """
    rows = [f"{item['sku']},{item['quantity']}" for item in items.values()]
    return Response("\n".join(["sku,quantity", *rows]), mimetype="text/csv")


app = Flask(__name__)
app.secret_key = "not a secret"
app.register_blueprint(api)
spec = APISpec(title="Warehouse", version="0.9", openapi_version="3.0.3", plugins=[FlaskPlugin()])
spec.components.security_scheme("session", {"type": "apiKey", "in": "cookie", "name": "session"})
spec.components.schema("Error", {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}})
spec.components.schema(
    "User",
    {
        "type": "object",
        "required": ["name", "admin"],
        "properties": {"name": {"type": "string"}, "admin": {"type": "boolean"}},
    },
)
OWN = {
    "name": {"type": "string"},
    "quantity": {"type": "integer"},
    "weight": {"type": "number", "nullable": True},
    "bin": {"type": "string", "nullable": True},
    "hazardous": {"type": "boolean"},
}
spec.components.schema("ItemInput", {"type": "object", "required": ["name"], "properties": OWN})
spec.components.schema(
    "Item",
    {
        "type": "object",
        "required": ["sku", *OWN, "updated_at"],
        "properties": {"sku": {"type": "string"}, **OWN, "updated_at": {"type": "string", "format": "date-time"}},
    },
)
MOVEMENT = {
    "number": {"type": "integer"},
    "sku": {"type": "string"},
    "delta": {"type": "integer"},
    "reason": {"type": "string", "enum": ["purchase", "sale", "loss"]},
    "user": {"type": "string"},
    "at": {"type": "string", "format": "date-time"},
}
spec.components.schema("Movement", {"type": "object", "required": list(MOVEMENT), "properties": MOVEMENT})
with app.test_request_context():
    for view in (login, list_items, put_item, get_item, delete_item, move, get_movement, report):
        spec.path(view=view)
