"""A veterinary clinic (APIFlask): owners, animals, visits; bearer tokens."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from apiflask import APIBlueprint, APIFlask, HTTPTokenAuth, Schema, abort
from apiflask.fields import (
    UUID,
    Boolean,
    Date,
    DateTime,
    Email,
    Float,
    Integer,
    List,
    Nested,
    String,
)
from apiflask.validators import Length, OneOf, Range

SPECIES = ["cat", "dog", "horse", "other"]


class OwnerIn(Schema):
    name = String(required=True, validate=Length(1, 80))
    email = Email(required=True)
    phone = String(allow_none=True, load_default=None)


class OwnerOut(Schema):
    id = Integer(required=True)
    name = String(required=True)
    email = Email(required=True)
    phone = String(required=True, allow_none=True)


class AnimalIn(Schema):
    name = String(required=True)
    species = String(required=True, validate=OneOf(SPECIES))
    born = Date()
    weight = Float(validate=Range(min=0, min_inclusive=False))
    owner_id = Integer(required=True)


class AnimalOut(Schema):
    id = Integer(required=True)
    name = String(required=True)
    species = String(required=True, validate=OneOf(SPECIES))
    born = Date(allow_none=True, required=True)
    weight = Float(allow_none=True, required=True)
    owner = Nested(OwnerOut, required=True)
    chipped = Boolean(required=True)


class AnimalQuery(Schema):
    species = String(validate=OneOf(SPECIES))
    owner_id = Integer()
    chipped = Boolean()
    page = Integer(load_default=1)


class Animals(Schema):
    animals = List(Nested(AnimalOut), required=True)
    total = Integer(required=True)


class Treatment(Schema):
    code = String(required=True)
    price = Float(required=True)
    note = String()


class VisitIn(Schema):
    reason = String(required=True)
    treatments = List(Nested(Treatment), load_default=list)
    urgent = Boolean(load_default=False)


class VisitOut(Schema):
    id = Integer(required=True)
    animal_id = Integer(required=True)
    at = DateTime(required=True)
    reason = String(required=True)
    urgent = Boolean(required=True)
    treatments = List(Nested(Treatment), required=True)
    total = Float(required=True)


class Chip(Schema):
    chip = UUID(required=True)


auth = HTTPTokenAuth(scheme="Bearer")
app = APIFlask(__name__, title="Clinic", version="3")
owners: dict[int, dict[str, Any]] = {}
animals: dict[int, dict[str, Any]] = {}
visits: list[dict[str, Any]] = []
v1 = APIBlueprint("v1", __name__, url_prefix="/v1")


@auth.verify_token
def verify(token: str) -> str | None:
    return "vet" if token == "vet-token-9b21" else None


@v1.post("/owners")
@v1.input(OwnerIn)
@v1.output(OwnerOut, status_code=201)
@v1.auth_required(auth)
def add_owner(json_data):
    """Add an owner."""
    made = {"id": len(owners) + 1, **json_data}
    owners[made["id"]] = made
    return made


@v1.get("/owners/<int:owner_id>")
@v1.output(OwnerOut)
@v1.doc(responses=[404])
def get_owner(owner_id):
    if owner_id not in owners:
        abort(404, "No such owner")
    return owners[owner_id]


@v1.get("/animals")
@v1.input(AnimalQuery, location="query")
@v1.output(Animals)
def list_animals(query_data):
    """All patients."""
    found = [one for one in animals.values() if query_data.get("species") in (None, one["species"])]
    found = [one for one in found if query_data.get("owner_id") in (None, one["owner"]["id"])]
    found = [one for one in found if query_data.get("chipped") in (None, one["chipped"])]
    begin = 10 * (query_data["page"] - 1)
    return {"animals": found[begin : begin + 10], "total": len(found)}


@v1.post("/animals")
@v1.input(AnimalIn)
@v1.output(AnimalOut, status_code=201)
@v1.auth_required(auth)
@v1.doc(responses=[409])
def add_animal(json_data):
    owner = owners.get(json_data.pop("owner_id"))
    if owner is None:
        abort(409, "No such owner")
    made = {"id": len(animals) + 1, "born": None, "weight": None, "chipped": False, "owner": owner, **json_data}
    animals[made["id"]] = made
    return made


@v1.get("/animals/<int:animal_id>")
@v1.output(AnimalOut)
@v1.doc(responses=[404])
def get_animal(animal_id):
    if animal_id not in animals:
        abort(404)
    return animals[animal_id]


@v1.put("/animals/<int:animal_id>/chip")
@v1.input(Chip)
@v1.output(AnimalOut)
@v1.auth_required(auth)
def chip(animal_id, json_data):
    """Give it a chip."""
    if animal_id not in animals:
        abort(404)
    animals[animal_id]["chipped"] = True
    return animals[animal_id]


@v1.post("/animals/<int:animal_id>/visits")
@v1.input(VisitIn)
@v1.output(VisitOut, status_code=201)
@v1.auth_required(auth)
def add_visit(animal_id, json_data):
    if animal_id not in animals:
        abort(404)
    total = sum(one["price"] for one in json_data["treatments"])
    made = {"id": len(visits) + 1, "animal_id": animal_id, "at": datetime.now(UTC), "total": total, **json_data}
    visits.append(made)
    return made


@v1.get("/animals/<int:animal_id>/visits")
@v1.output(VisitOut(many=True))
def list_visits(animal_id):
    return [one for one in visits if one["animal_id"] == animal_id]


@v1.delete("/animals/<int:animal_id>")
@v1.output({}, status_code=204)
@v1.auth_required(auth)
def remove_animal(animal_id):
    animals.pop(animal_id, None)
    return ""


app.register_blueprint(v1)
