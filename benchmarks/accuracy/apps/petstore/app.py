"""A pet store: flask-smorest with marshmallow, pagination, ETags left out, JWT-like tokens."""

from __future__ import annotations

import datetime as dt
import uuid

from flask import Flask, request
from flask.views import MethodView
from flask_smorest import Api, Blueprint, abort
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

SPECIES = ("cat", "dog", "parrot")


class CategorySchema(Schema):
    id = fields.Int(dump_only=True)
    name = fields.Str(required=True)


class VaccinationSchema(Schema):
    vaccine = fields.Str(required=True)
    given_on = fields.Date(required=True)
    batch = fields.Str(allow_none=True)


class PetSchema(Schema):
    id = fields.UUID(dump_only=True)
    name = fields.Str(required=True, validate=validate.Length(min=1))
    species = fields.Str(required=True, validate=validate.OneOf(SPECIES))
    born = fields.Date()
    weight = fields.Float(validate=validate.Range(min=0))
    price = fields.Decimal(as_string=True, places=2, required=True)
    tags = fields.List(fields.Str())
    vaccinations = fields.List(fields.Nested(VaccinationSchema))
    category = fields.Nested(CategorySchema, dump_only=True, allow_none=True)
    category_id = fields.Int(load_only=True)
    available = fields.Bool(dump_only=True)
    created = fields.DateTime(dump_only=True)


class PetQuerySchema(Schema):
    species = fields.Str(validate=validate.OneOf(SPECIES))
    max_price = fields.Float()
    available = fields.Bool()
    tags = fields.List(fields.Str())


class OwnerSchema(Schema):
    id = fields.Int(dump_only=True)
    name = fields.Str(required=True)
    email = fields.Email(required=True)
    website = fields.URL()
    newsletter = fields.Bool(load_default=False)


class AdoptionSchema(Schema):
    id = fields.Int(dump_only=True)
    pet_id = fields.UUID(required=True)
    owner_id = fields.Int(required=True)
    fee = fields.Float(dump_only=True)
    adopted_at = fields.DateTime(dump_only=True)
    note = fields.Str(allow_none=True)
    visit_at = fields.Time()

    @validates_schema
    def note_is_short(self, data, **kwargs):
        if len(data.get("note") or "") > 100:
            raise ValidationError("Too long.", "note")


app = Flask("petstore")
app.config.update(
    API_TITLE="Pet store",
    API_VERSION="v1",
    OPENAPI_VERSION="3.0.3",
    TESTING=True,
    API_SPEC_OPTIONS={
        "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"}}},
    },
)
api = Api(app)
pets_blp = Blueprint("pets", "pets", url_prefix="/api/pets", description="Pets")
owners_blp = Blueprint("owners", "owners", url_prefix="/api/owners", description="Owners")
adoptions_blp = Blueprint("adoptions", "adoptions", url_prefix="/api/adoptions", description="Adoptions")
pets: dict[uuid.UUID, dict] = {}
owners: dict[int, dict] = {}
adoptions: dict[int, dict] = {}
CATEGORIES = {1: {"id": 1, "name": "Furry"}, 2: {"id": 2, "name": "Feathered"}}


def reset():
    pets.clear()
    owners.clear()
    adoptions.clear()


def need_key():
    if request.headers.get("X-Api-Key") != "s3cr3t-keeper":
        abort(401, message="A key is needed.")


@pets_blp.route("/")
class Pets(MethodView):
    @pets_blp.arguments(PetQuerySchema, location="query")
    @pets_blp.response(200, PetSchema(many=True))
    @pets_blp.paginate()
    def get(self, args, pagination_parameters):
        """List pets

        Those that fit what is asked for.
        """
        found = [
            pet
            for pet in pets.values()
            if args.get("species") in (None, pet["species"])
            and float(pet["price"]) <= args.get("max_price", 1e9)
            and args.get("available") in (None, pet["available"])
        ]
        pagination_parameters.item_count = len(found)
        return found[pagination_parameters.first_item : pagination_parameters.last_item + 1]

    @pets_blp.arguments(PetSchema)
    @pets_blp.response(201, PetSchema)
    @pets_blp.alt_response(401, description="No key")
    @pets_blp.doc(security=[{"key": []}])
    def post(self, data):
        """Add a pet"""
        need_key()
        pet = {**data, "id": uuid.uuid5(uuid.NAMESPACE_DNS, f"{data['name']}{len(pets)}"), "available": True}
        pet["category"] = CATEGORIES.get(data.get("category_id"))
        pet["created"] = dt.datetime(2026, 2, 3, 4, 5, 6)
        pets[pet["id"]] = pet
        return pet


@pets_blp.route("/<uuid:pet_id>")
class Pet(MethodView):
    @pets_blp.response(200, PetSchema)
    @pets_blp.alt_response(404, description="No such pet")
    def get(self, pet_id):
        """Show a pet"""
        return pets.get(pet_id) or abort(404, message="No such pet.")

    @pets_blp.arguments(PetSchema(partial=True))
    @pets_blp.response(200, PetSchema)
    @pets_blp.alt_response(401, description="No key")
    @pets_blp.alt_response(404, description="No such pet")
    @pets_blp.doc(security=[{"key": []}])
    def patch(self, data, pet_id):
        """Change a pet"""
        need_key()
        pet = pets.get(pet_id) or abort(404)
        pet.update(data)
        return pet

    @pets_blp.response(204)
    @pets_blp.alt_response(401, description="No key")
    @pets_blp.doc(security=[{"key": []}])
    def delete(self, pet_id):
        """Remove a pet"""
        need_key()
        pets.pop(pet_id, None)


@owners_blp.route("/")
class Owners(MethodView):
    @owners_blp.response(200, OwnerSchema(many=True))
    def get(self):
        return list(owners.values())

    @owners_blp.arguments(OwnerSchema)
    @owners_blp.response(201, OwnerSchema)
    @owners_blp.alt_response(409, description="Known already")
    def post(self, data):
        if any(owner["email"] == data["email"] for owner in owners.values()):
            abort(409, message="Known already.")
        owners[len(owners) + 1] = {**data, "id": len(owners) + 1}
        return owners[len(owners)]


@owners_blp.route("/<int:owner_id>/pets")
class OwnersPets(MethodView):
    @owners_blp.response(200, PetSchema(many=True))
    @owners_blp.alt_response(404, description="No such owner")
    def get(self, owner_id):
        if owner_id not in owners:
            abort(404)
        return [pets[each["pet_id"]] for each in adoptions.values() if each["owner_id"] == owner_id]


@adoptions_blp.route("/")
class Adoptions(MethodView):
    @adoptions_blp.arguments(AdoptionSchema)
    @adoptions_blp.response(201, AdoptionSchema)
    @adoptions_blp.alt_response(404, description="No such pet or owner")
    @adoptions_blp.alt_response(409, description="Taken")
    def post(self, data):
        pet = pets.get(data["pet_id"])
        if pet is None or data["owner_id"] not in owners:
            abort(404, message="No such pet or owner.")
        if not pet["available"]:
            abort(409, message="Taken.")
        pet["available"] = False
        made = {**data, "id": len(adoptions) + 1, "fee": 30.0, "adopted_at": dt.datetime(2026, 2, 3, 10)}
        adoptions[made["id"]] = made
        return made


@adoptions_blp.route("/<int:adoption_id>")
class Adoption(MethodView):
    @adoptions_blp.response(200, AdoptionSchema)
    @adoptions_blp.alt_response(404, description="No such adoption")
    def get(self, adoption_id):
        return adoptions.get(adoption_id) or abort(404)


api.register_blueprint(pets_blp)
api.register_blueprint(owners_blp)
api.register_blueprint(adoptions_blp)
